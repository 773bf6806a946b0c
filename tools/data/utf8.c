/* Whether bytes are UTF-8. */
#include "data/utf8.h"

size_t utf8_size(const char *text, size_t length)
{
	if (length == 0)
		return 0;
	unsigned char lead = (unsigned char)text[0];
	if (lead < 0x80)
		return 1;
	size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	if (lead < 0xc2 || lead > 0xf4 || size > length)
		return 0;
	unsigned long code = lead & (0xffU >> (size + 1));
	for (size_t i = 1; i < size; i++) {
		unsigned char byte = (unsigned char)text[i];
		if ((byte & 0xc0U) != 0x80)
			return 0;
		code = code << 6U | (byte & 0x3fU);
	}
	if ((size == 3 && code < 0x800) || (size == 4 && code < 0x10000) || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return size;
}

bool utf8_is_valid(const char *text, size_t length)
{
	for (size_t i = 0; i < length;) {
		size_t size = utf8_size(text + i, length - i);
		if (size == 0)
			return false;
		i += size;
	}
	return true;
}
