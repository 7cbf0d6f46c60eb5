import { createTheme } from "@mantine/core";

/** Sizes of the component library; its colours are said in `mantine.css`. */
export const mantineTheme = createTheme({
  fontFamily: "inherit",
  defaultRadius: 4,
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    Menu: { defaultProps: { transitionProps: { duration: 0 }, shadow: "md" } },
  },
});
