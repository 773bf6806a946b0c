/* Numbers as text and back, whatever the host's locale is. */
#ifndef MLP_FILE_NUMBER_H
#define MLP_FILE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

enum { MLP_NUMBER_SIZE = 32 }; /* of every text that these functions make, with '\0' */

/* Decimal digits. */
void mlp_print_unsigned(uint64_t number, char *text);

/* Hexadecimal floating point, exactly, as C and Python's float.fromhex() read it: 0x1.8p+1, inf, nan. */
void mlp_print_hex(double number, char *text);

/* Decimal floating point with `wanted` >= 1 significant digits, rounded to nearest: 9 are enough to tell any
 * float from any other, 17 any double. Finite numbers only. With a point always, with an
 * exponent where it is not 0: 1.5, 1.5e-3. */
void mlp_print_decimal(double number, int wanted, char *text);

/* Read what the first two wrote, and set *text to what follows; false if it is something else. */
bool mlp_parse_unsigned(const char **text, uint64_t *number);
bool mlp_parse_hex(const char **text, double *number);

#endif
