import { Component, type ReactNode, useId } from "react";
import { ErrorTile } from "./error-tile.tsx";
import styles from "./panel.module.css";

type PanelProps = {
  readonly title: string;
  /** Beside the title: a legend, buttons. */
  readonly extra?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string | undefined;
  /** Something is being read again behind what is shown. */
  readonly busy?: boolean;
};

/** A titled part of a page that fails alone. */
export function Panel({ title, extra, children, className, busy }: PanelProps) {
  const heading = useId();
  return (
    <section className={`${styles.panel} ${className ?? ""}`} aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{title}</h2>
        {extra}
      </header>
      {busy && <span className={styles.progress} aria-hidden="true" />}
      <div className={styles.body}>
        <Fence>{children}</Fence>
      </div>
    </section>
  );
}

type FenceState = { readonly error: Error | undefined };

/** Keeps what fails inside it from the rest of the page. */
export class Fence extends Component<{ readonly children: ReactNode }, FenceState> {
  override state: FenceState = { error: undefined };

  static getDerivedStateFromError(error: Error): FenceState {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return <ErrorTile error={error} retry={() => this.setState({ error: undefined })} />;
  }
}
