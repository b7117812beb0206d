/* Letters as the bytes of UTF-8. */
#ifndef UTF8_H
#define UTF8_H
#include "kernel.h"

/* The bytes of a letter; what cannot be encoded is replaced. */
static u32 utf8_of(u32 letter, u8 *bytes) {
    if (letter < 0x80) return bytes[0] = (u8)letter, 1;
    if (letter < 0x800) return bytes[0] = (u8)(0xC0 | letter >> 6), bytes[1] = (u8)(0x80 | (letter & 63)), 2;
    if (letter >> 11 == 0xD800 >> 11) return bytes[0] = '?', 1;
    u32 count = letter < 0x10000 ? 3 : 4;
    bytes[0] = (u8)(count == 3 ? 0xE0 | letter >> 12 : 0xF0 | letter >> 18);
    for (u32 n = 1; n < count; n++) bytes[n] = (u8)(0x80 | (letter >> 6 * (count - 1 - n) & 63));
    return count;
}

#endif
