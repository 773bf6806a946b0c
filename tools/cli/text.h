/* Numbers and times as people write them. A text that is made lies in one of a few static buffers. */
#ifndef MLP_TOOLS_TEXT_H
#define MLP_TOOLS_TEXT_H

/* Four digits, no needless zeros: "0.1234", "38207", "1.2e-07". */
const char *number_text(double value);

/* Three digits and a unit: "950", "12.3k", "1.05M". */
const char *count_text(double value);

/* "0.4 s", "12:34" or "3:04:05". */
const char *duration_text(double seconds);

/* "0:07", "12:34" or "3:04:05". */
const char *clock_text(double seconds);

/* What stands behind the last slash. */
const char *base_name(const char *path);

#endif
