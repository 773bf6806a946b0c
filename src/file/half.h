/* Numbers of 16 bits as float, exactly. */
#ifndef MLP_FILE_HALF_H
#define MLP_FILE_HALF_H

#include <stdint.h>
#include <string.h>

static inline float mlp_float_of_bits(uint32_t bits)
{
	float number;
	memcpy(&number, &bits, sizeof(number));
	return number;
}

/* The upper half of a float. */
static inline float mlp_float_of_bf16(uint16_t half)
{
	return mlp_float_of_bits((uint32_t)half << 16);
}

/* IEEE 754 binary16: 5 bits of exponent, 10 of mantissa. */
static inline float mlp_float_of_f16(uint16_t half)
{
	const uint32_t sign = (uint32_t)(half & 0x8000) << 16;
	const uint32_t exponent = half >> 10 & 31, mantissa = half & 0x3ff;
	if (exponent == 0) { /* denormal: mantissa 2^-24, a normal float */
		const float magnitude = (float)mantissa * 0x1p-24F;
		return sign != 0 ? -magnitude : magnitude;
	}
	const uint32_t wide = exponent == 31 ? 255 : exponent + 127 - 15;
	return mlp_float_of_bits(sign | wide << 23 | mantissa << 13);
}

#endif
