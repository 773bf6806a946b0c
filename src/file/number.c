/* Numbers as text and back. printf and strtod would do, but for the decimal point of the host's locale. */
#include "file/number.h"

#include <math.h>
#include <string.h>

#include "base/digits.h"

enum {
	MANTISSA_BITS = 52, /* stored ones, of a double */
	LEAST_EXPONENT = -1022,
	MOST_DIGITS = 17
};

static uint64_t bits_of(double number)
{
	uint64_t bits;
	memcpy(&bits, &number, sizeof(bits));
	return bits;
}

static char *put_exponent(char *text, char letter, int exponent)
{
	*text++ = letter;
	*text++ = exponent < 0 ? '-' : '+';
	text = mlp_put_digits(text, (uint64_t)(exponent < 0 ? -exponent : exponent));
	*text = '\0';
	return text;
}

void mlp_print_unsigned(uint64_t number, char *text)
{
	*mlp_put_digits(text, number) = '\0';
}

/* ---- hexadecimal ---------------------------------------------------------------------------- */

void mlp_print_hex(double number, char *text)
{
	const uint64_t bits = bits_of(number);
	uint64_t mantissa = bits & ((1ULL << MANTISSA_BITS) - 1);
	int exponent = (int)(bits >> MANTISSA_BITS & 0x7ff);
	if (isnan(number)) {
		memcpy(text, "nan", 4);
		return;
	}
	if (signbit(number))
		*text++ = '-';
	if (isinf(number)) {
		memcpy(text, "inf", 4);
		return;
	}
	*text++ = '0';
	*text++ = 'x';
	*text++ = exponent == 0 ? '0' : '1';
	if (mantissa != 0)
		*text++ = '.';
	for (; mantissa != 0; mantissa = mantissa << 4 & ((1ULL << MANTISSA_BITS) - 1))
		*text++ = "0123456789abcdef"[mantissa >> (MANTISSA_BITS - 4)];
	if (number == 0)
		exponent = 0;
	else
		exponent = exponent == 0 ? LEAST_EXPONENT : exponent + LEAST_EXPONENT - 1;
	put_exponent(text, 'p', exponent);
}

bool mlp_parse_unsigned(const char **text, uint64_t *number)
{
	const char *at = *text;
	if (*at < '0' || *at > '9')
		return false;
	*number = 0;
	for (; *at >= '0' && *at <= '9'; at++) {
		uint64_t digit = (uint64_t)(*at - '0');
		if (*number > (UINT64_MAX - digit) / 10)
			return false;
		*number = *number * 10 + digit;
	}
	*text = at;
	return true;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool begins_with(const char **text, const char *word)
{
	size_t length = strlen(word);
	if (strncmp(*text, word, length) != 0)
		return false;
	*text += length;
	return true;
}

/* 0 or 1, a fraction of at most 13 digits: as many as a double has. */
static bool parse_mantissa(const char **text, double *mantissa)
{
	const char *at = *text;
	uint64_t whole = (uint64_t)(*at - '0');
	int places = 0;
	if (*at != '0' && *at != '1')
		return false;
	if (*++at == '.') {
		for (at++; hex_digit(*at) >= 0; at++, places++)
			if (places < MANTISSA_BITS / 4)
				whole = whole << 4 | (uint64_t)hex_digit(*at);
		if (places == 0 || places > MANTISSA_BITS / 4)
			return false;
	}
	*mantissa = ldexp((double)whole, -4 * places);
	*text = at;
	return true;
}

bool mlp_parse_hex(const char **text, double *number)
{
	const char *at = *text;
	uint64_t exponent = 0;
	const bool negative = begins_with(&at, "-");
	if (begins_with(&at, "inf")) {
		*number = (double)INFINITY;
	} else if (!negative && begins_with(&at, "nan")) {
		*number = (double)NAN;
	} else {
		if (!begins_with(&at, "0x") || !parse_mantissa(&at, number) ||
		    !begins_with(&at, "p"))
			return false;
		const bool down = *at == '-';
		if ((*at != '-' && *at != '+') || (at++, !mlp_parse_unsigned(&at, &exponent)) ||
		    exponent > 1023)
			return false;
		*number = ldexp(*number, down ? -(int)exponent : (int)exponent);
	}
	if (negative)
		*number = -*number;
	*text = at;
	return true;
}

/* ---- decimal -------------------------------------------------------------------------------- */

/* An integer of many words, the lowest first. 2^1024 has 33 of them, 2^53 5^1074 has 80. */
struct big {
	uint32_t words[84];
	int count;
};

static void multiply(struct big *n, uint32_t factor)
{
	uint64_t carry = 0;
	for (int i = 0; i < n->count; i++) {
		carry += (uint64_t)n->words[i] * factor;
		n->words[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry != 0)
		n->words[n->count++] = (uint32_t)carry;
}

/* Divide, and return the remainder. */
static uint32_t divide(struct big *n, uint32_t divisor)
{
	uint64_t rest = 0;
	for (int i = n->count; i-- > 0;) {
		rest = rest << 32 | n->words[i];
		n->words[i] = (uint32_t)(rest / divisor);
		rest %= divisor;
	}
	while (n->count > 0 && n->words[n->count - 1] == 0)
		n->count--;
	return (uint32_t)rest;
}

/* mantissa 2^exponent = *big 10^result, exactly: 2^-k is 5^k 10^-k. */
static int scale(uint64_t mantissa, int exponent, struct big *big)
{
	*big = (struct big){.words = {(uint32_t)mantissa, (uint32_t)(mantissa >> 32)}, .count = 2};
	while (exponent < 0 && mantissa % 2 == 0) { /* fewer words to multiply */
		mantissa /= 2;
		exponent++;
		*big = (struct big){.words = {(uint32_t)mantissa, (uint32_t)(mantissa >> 32)},
				    .count = 2};
	}
	int left = exponent < 0 ? -exponent : exponent;
	for (; left >= 13; left -= 13)
		multiply(big, exponent < 0 ? 1220703125 /* 5^13 */ : 1 << 13);
	for (; left > 0; left--)
		multiply(big, exponent < 0 ? 5 : 2);
	return exponent < 0 ? exponent : 0;
}

/* All digits of an integer > 0, without leading zeros; how many comes back. */
static int digits_of(struct big *big, char *digits, int size)
{
	int begin = size;
	while (big->count > 0) {
		uint32_t nine = divide(big, 1000000000);
		for (int i = 0; i < 9; i++, nine /= 10)
			digits[--begin] = (char)('0' + (int)(nine % 10));
	}
	while (begin < size - 1 && digits[begin] == '0')
		begin++;
	memmove(digits, digits + begin, (size_t)(size - begin));
	return size - begin;
}

/* Keep `wanted` of the digits, rounded; 1 comes back if a carry made one more place of them. */
static int round_digits(char *digits, int count, int wanted)
{
	if (count <= wanted) {
		memset(digits + count, '0', (size_t)(wanted - count));
		return 0;
	}
	int i = wanted;
	if (digits[wanted] < '5')
		return 0;
	while (i > 0 && digits[i - 1] == '9')
		digits[--i] = '0';
	if (i > 0) {
		digits[i - 1]++;
		return 0;
	}
	digits[0] = '1'; /* 9.99... is 10 */
	return 1;
}

void mlp_print_decimal(double number, int wanted, char *text)
{
	const uint64_t bits = bits_of(number);
	uint64_t mantissa = bits & ((1ULL << MANTISSA_BITS) - 1);
	int exponent = (int)(bits >> MANTISSA_BITS & 0x7ff);
	if (signbit(number))
		*text++ = '-';
	if (number == 0) {
		memcpy(text, "0.0", 4);
		return;
	}
	if (exponent == 0)
		exponent = 1;
	else
		mantissa |= 1ULL << MANTISSA_BITS;
	char digits[84 * 10] = {0}; /* a word has less than 10 digits, and they come in nines */
	struct big big;
	if (wanted > MOST_DIGITS)
		wanted = MOST_DIGITS;
	int power = scale(mantissa, exponent + LEAST_EXPONENT - 1 - MANTISSA_BITS, &big);
	int count = digits_of(&big, digits, (int)sizeof(digits));
	power += count - 1 + round_digits(digits, count, wanted);
	while (wanted > 2 && digits[wanted - 1] == '0')
		wanted--;
	*text++ = digits[0];
	*text++ = '.';
	if (wanted < 2)
		*text++ = '0';
	for (int i = 1; i < wanted; i++)
		*text++ = digits[i];
	if (power != 0)
		put_exponent(text, 'e', power);
	else
		*text = '\0';
}
