import { createTheme } from "@mantine/core";

/** Sizes of the component library; its colours are said in `mantine.css`. */
export const mantineTheme = createTheme({
  fontFamily: "inherit",
  defaultRadius: 4,
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    // In the place of their buttons, not at the end of the document: they stay in their landmark.
    Menu: {
      defaultProps: {
        transitionProps: { duration: 0 },
        shadow: "md",
        withinPortal: false,
        withInitialFocusPlaceholder: false,
      },
    },
    Popover: {
      defaultProps: { transitionProps: { duration: 0 }, shadow: "md", withinPortal: false },
    },
  },
});
