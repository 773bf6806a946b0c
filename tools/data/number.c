/* Numbers from text and to text. */
#include "data/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool text_is_missing(const char *text, size_t length)
{
	static const char *const words[] = {"",     "NA",   "N/A",  "NaN", "nan",
					    "NULL", "null", "None", "?"};
	if (length > 4)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) == length && memcmp(words[i], text, length) == 0)
			return true;
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A number's parts while it is read: value = digits * 10^exponent, if it has few enough digits. */
struct decimal {
	uint64_t digits;
	int64_t exponent;
	int used;    /* digits so far, without zeros in front */
	bool is_any; /* a digit was there */
};

static const char *read_digits(const char *at, const char *end, bool fraction,
			       struct decimal *decimal)
{
	for (; at < end && is_digit(*at); at++) {
		decimal->is_any = true;
		if (decimal->used < 19)
			decimal->digits = decimal->digits * 10 + (uint64_t)(*at - '0');
		decimal->used += decimal->digits > 0;
		decimal->exponent -= fraction;
	}
	return at;
}

/* After "e". NULL: no digits. */
static const char *read_exponent(const char *at, const char *end, struct decimal *decimal)
{
	bool negative = at < end && *at == '-';
	if (at < end && (*at == '-' || *at == '+'))
		at++;
	if (at == end || !is_digit(*at))
		return NULL;
	int64_t exponent = 0;
	for (; at < end && is_digit(*at); at++)
		if (exponent < 100000)
			exponent = exponent * 10 + (*at - '0');
	decimal->exponent += negative ? -exponent : exponent;
	return at;
}

/* Clinger: a product or quotient of two doubles that are exact is rounded once, so correctly. */
static bool is_exact(const struct decimal *decimal, double *number)
{
	static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
					1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
					1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	if (decimal->used > 19 || decimal->digits > (uint64_t)1 << 53 || decimal->exponent < -22 ||
	    decimal->exponent > 22)
		return false;
	double digits = (double)decimal->digits;
	*number = decimal->exponent < 0 ? digits / powers[-decimal->exponent]
					: digits * powers[decimal->exponent];
	return true;
}

static bool is_infinity(const char *text, size_t length)
{
	return (length == 3 && strncasecmp(text, "inf", 3) == 0) ||
	       (length == 8 && strncasecmp(text, "infinity", 8) == 0);
}

bool text_to_number(const char *text, size_t length, double *number)
{
	const char *at = text, *end = text + length;
	while (at < end && is_blank(*at))
		at++;
	while (end > at && is_blank(end[-1]))
		end--;
	const char *begin = at;
	bool negative = at < end && *at == '-';
	if (at < end && (*at == '-' || *at == '+'))
		at++;
	if (is_infinity(at, (size_t)(end - at))) {
		*number = negative ? -INFINITY : INFINITY;
		return true;
	}
	struct decimal decimal = {0};
	at = read_digits(at, end, false, &decimal);
	if (at < end && *at == '.')
		at = read_digits(at + 1, end, true, &decimal);
	if (!decimal.is_any)
		return false;
	if (at < end && (*at == 'e' || *at == 'E')) {
		at = read_exponent(at + 1, end, &decimal);
		if (at == NULL)
			return false;
	}
	if (at != end)
		return false;
	if (is_exact(&decimal, number)) {
		*number = negative ? -*number : *number;
		return true;
	}
	*number = strtod(begin, NULL);
	return true;
}

bool text_to_number_with(const char *text, size_t length, char decimal, double *number)
{
	enum { LONGEST = 400 }; /* of a double's digits, all written out */
	char copy[LONGEST + 1];
	const char *place = decimal == '.' ? NULL : memchr(text, decimal, length);
	if (place == NULL)
		return (decimal == '.' || memchr(text, '.', length) == NULL) &&
		       text_to_number(text, length, number);
	if (length > LONGEST || memchr(text, '.', length) != NULL)
		return false;
	memcpy(copy, text, length);
	copy[length] = 0;
	copy[place - text] = '.';
	return text_to_number(copy, length, number); /* a second decimal is left, and refused */
}

bool text_to_integer(const char *text, size_t length, int64_t *integer)
{
	const char *at = text, *end = text + length;
	bool negative = at < end && *at == '-';
	if (at < end && (*at == '-' || *at == '+'))
		at++;
	if (at == end || end - at > 18)
		return false;
	int64_t value = 0;
	for (; at < end; at++) {
		if (!is_digit(*at))
			return false;
		value = value * 10 + (*at - '0');
	}
	*integer = negative ? -value : value;
	return true;
}

static bool reads_back(const char *text, double number, mlp_dtype dtype)
{
	double back = strtod(text, NULL);
	return dtype == MLP_F32 ? strtof(text, NULL) == (float)number : back == number;
}

const char *number_to_text(double number, mlp_dtype dtype, char text[NUMBER_TEXT_SIZE])
{
	int most = dtype == MLP_F32 ? 9 : 17, fewest = dtype == MLP_F32 ? 6 : 15;
	for (int digits = fewest; digits <= most; digits++) {
		snprintf(text, NUMBER_TEXT_SIZE, "%.*g", digits, number);
		if (reads_back(text, number, dtype))
			break;
	}
	return text;
}
