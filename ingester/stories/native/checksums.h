/* Sums of texts, by which their signs are made: CRC-32 of their letters in UTF-8, as `zlib` has it. */
#ifndef CHECKSUMS_H
#define CHECKSUMS_H
#include "utf8.h"

static u32 crc_of[256];

static void begin_checksums(void) {
    for (u32 byte = 0; byte < 256; byte++) {
        u32 crc = byte;
        for (u32 bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
        crc_of[byte] = crc;
    }
}

/* A sum that goes on begins and ends turned over. */
#define BEGUN 0xFFFFFFFFu
static u32 begun_with(u8 byte) { return crc_of[(BEGUN ^ byte) & 255] ^ 0x00FFFFFFu; }
static u32 ended(u32 crc) { return ~crc; }

static u32 with_letter(u32 crc, u32 letter) {
    u8 bytes[4];
    u32 count = utf8_of(letter, bytes);
    for (u32 n = 0; n < count; n++) crc = crc_of[(crc ^ bytes[n]) & 255] ^ crc >> 8;
    return crc;
}

#endif
