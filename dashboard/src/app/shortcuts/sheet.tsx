import "./overlay-parts.css";
import { Modal } from "@mantine/core";
import { useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import styles from "./sheet.module.css";
import { shortcutsOf } from "./shortcut-list.ts";

type SheetProps = { readonly opened: boolean; readonly onClose: () => void };

/** The shortcuts of the present screen. */
export function Sheet({ opened, onClose }: SheetProps) {
  const { t, ready } = useTranslation("shortcuts");
  const { pathname } = useLocation();
  return (
    <Modal.Root
      opened={opened && ready}
      onClose={onClose}
      size="lg"
      lockScroll={false}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content>
        {/* Not the component's own head: it would be a second banner of the page. */}
        <div className={styles.head}>
          <Modal.Title className={styles.title ?? ""}>{t("shortcuts:title")}</Modal.Title>
          <Modal.CloseButton aria-label={t("shortcuts:does.close")} />
        </div>
        <Modal.Body>
          <div className={styles.groups}>
            {shortcutsOf(pathname).map(({ title, shortcuts }) => (
              <section key={title}>
                <h3>{t(`shortcuts:title.${title}`)}</h3>
                <dl>
                  {shortcuts.map(({ keys, does }) => (
                    <div key={does}>
                      <dt>
                        {keys.map((key) => (
                          <kbd key={key}>{key}</kbd>
                        ))}
                      </dt>
                      <dd>{t(`shortcuts:does.${does}`)}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
