/* Decimal digits; the library does without the C library's printing. */
#ifndef MLP_BASE_DIGITS_H
#define MLP_BASE_DIGITS_H

#include <stdint.h>

enum { MLP_MOST_DIGITS = 20 /* of 64 bits */ };

/* Writes the digits of a number, without '\0', and returns the end. */
static inline char *mlp_put_digits(char *end, uint64_t number)
{
	char digits[MLP_MOST_DIGITS];
	int count = 0;
	do
		digits[count++] = (char)('0' + (int)(number % 10));
	while ((number /= 10) > 0);
	while (count > 0)
		*end++ = digits[--count];
	return end;
}

#endif
