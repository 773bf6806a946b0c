/* Numbers: from text, to text, and as they lie in arrays.
 * Text is read and written with strtod and snprintf, whose decimal point is the locale's: a program that
 * calls these leaves LC_NUMERIC at "C", as every program starts. */
#ifndef MLP_TOOLS_DATA_NUMBER_H
#define MLP_TOOLS_DATA_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mlp/mlp.h>

/* What stands for a missing value: nothing at all, NA, N/A, NaN, nan, NULL, null, None, ?  */
bool text_is_missing(const char *text, size_t length);

/* A whole text as a decimal number, rounded correctly, with blanks around it or not. False if it is none;
 * infinite if it is too large or says so. text[length] must be readable and no part of a number (0). */
bool text_to_number(const char *text, size_t length, double *number);

/* The same, where `decimal` stands in place of the point. */
bool text_to_number_with(const char *text, size_t length, char decimal, double *number);

/* A whole text as an integer. */
bool text_to_integer(const char *text, size_t length, int64_t *integer);

enum { NUMBER_TEXT_SIZE = 32 };

/* The fewest digits that read back as the same number (float for MLP_F32). Returns `text`. */
const char *number_to_text(double number, mlp_dtype dtype, char text[NUMBER_TEXT_SIZE]);

enum number_type {
	NUMBER_F64 = 1,
	NUMBER_F32 = 2,
	NUMBER_F16 = 3,
	NUMBER_I8 = 4,
	NUMBER_U8 = 5,
	NUMBER_I16 = 6,
	NUMBER_U16 = 7,
	NUMBER_I32 = 8,
	NUMBER_U32 = 9,
	NUMBER_I64 = 10,
	NUMBER_U64 = 11,
	NUMBER_BOOL = 12
};

size_t number_size(enum number_type type);
bool number_is_integer(enum number_type type);

/* Numbers that lie `stride` bytes from each other, of either byte order, aligned or not. */
struct numbers {
	const unsigned char *first;
	int64_t stride;
	enum number_type type;
	bool swapped; /* of the other byte order than this machine's */
};

/* Numbers first .. first + count - 1 as doubles. */
void numbers_get(const struct numbers *numbers, int64_t first, int64_t count, double *values);
double numbers_at(const struct numbers *numbers, int64_t index);

#endif
