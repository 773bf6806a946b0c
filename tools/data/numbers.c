/* Numbers as they lie in arrays. */
#include "data/number.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 256 };

size_t number_size(enum number_type type)
{
	switch (type) {
	case NUMBER_F64:
	case NUMBER_I64:
	case NUMBER_U64:
		return 8;
	case NUMBER_F32:
	case NUMBER_I32:
	case NUMBER_U32:
		return 4;
	case NUMBER_F16:
	case NUMBER_I16:
	case NUMBER_U16:
		return 2;
	default:
		return 1;
	}
}

bool number_is_integer(enum number_type type)
{
	return type != NUMBER_F64 && type != NUMBER_F32 && type != NUMBER_F16;
}

/* The bits of each number, in this machine's byte order. */
static void load(const struct numbers *numbers, int64_t first, int64_t count, uint64_t *bits)
{
	const unsigned char *at = numbers->first + first * numbers->stride;
	size_t size = number_size(numbers->type);
	for (int64_t i = 0; i < count; i++, at += numbers->stride) {
		uint16_t two;
		uint32_t four;
		uint64_t eight;
		switch (size) {
		case 8:
			memcpy(&eight, at, 8);
			bits[i] = numbers->swapped ? __builtin_bswap64(eight) : eight;
			break;
		case 4:
			memcpy(&four, at, 4);
			bits[i] = numbers->swapped ? __builtin_bswap32(four) : four;
			break;
		case 2:
			memcpy(&two, at, 2);
			bits[i] = numbers->swapped ? __builtin_bswap16(two) : two;
			break;
		default:
			bits[i] = *at;
		}
	}
}

static double half(uint64_t bits)
{
	int exponent = (int)(bits >> 10U & 31U), fraction = (int)(bits & 1023U);
	double size = exponent == 0   ? ldexp(fraction, -24)
		      : exponent < 31 ? ldexp(fraction + 1024, exponent - 25)
		      : fraction == 0 ? INFINITY
				      : NAN;
	return (bits & 0x8000U) != 0 ? -size : size;
}

static double single(uint64_t bits)
{
	uint32_t low = (uint32_t)bits;
	float number;
	memcpy(&number, &low, sizeof number);
	return number;
}

static double convert(enum number_type type, uint64_t bits)
{
	double number;
	switch (type) {
	case NUMBER_F64:
		memcpy(&number, &bits, sizeof number);
		return number;
	case NUMBER_F32:
		return single(bits);
	case NUMBER_F16:
		return half(bits);
	case NUMBER_I8:
		return (int8_t)bits;
	case NUMBER_I16:
		return (int16_t)bits;
	case NUMBER_I32:
		return (int32_t)bits;
	case NUMBER_I64:
		return (double)(int64_t)bits;
	case NUMBER_BOOL:
		return bits != 0;
	default:
		return (double)bits;
	}
}

void numbers_get(const struct numbers *numbers, int64_t first, int64_t count, double *values)
{
	uint64_t bits[BLOCK];
	while (count > 0) {
		int64_t now = count < BLOCK ? count : BLOCK;
		load(numbers, first, now, bits);
		if (numbers->type == NUMBER_F64) {
			memcpy(values, bits, (size_t)now * sizeof *values);
		} else {
			for (int64_t i = 0; i < now; i++)
				values[i] = convert(numbers->type, bits[i]);
		}
		first += now;
		values += now;
		count -= now;
	}
}

double numbers_at(const struct numbers *numbers, int64_t index)
{
	double value;
	numbers_get(numbers, index, 1, &value);
	return value;
}
