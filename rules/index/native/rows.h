/* Arrays that grow. Their room is a power of two, and what one leaves is kept for the next one. */
#ifndef ROWS_H
#define ROWS_H

#include "kernel.h"

typedef short i16;

typedef struct {
    u32 at, count, room; /* where it lies; how much is in it; how many bytes it has room for */
} Row;

static u32 left[32];

static u32 power_of(u32 bytes) { return bytes <= 32 ? 5 : 32 - (u32)__builtin_clz(bytes - 1); }

static u32 block_of(u32 power) {
    u32 at = left[power];
    if (!at) return take(1u << power);
    left[power] = *(u32 *)at;
    return at;
}

/* Leave a row's room to others. */
static void leave(Row *row) {
    if (!row->room) return;
    u32 power = power_of(row->room);
    *(u32 *)row->at = left[power];
    left[power] = row->at;
    *row = (Row){0};
}

/* Let a row have room for so many bytes in all. */
static void widen(Row *row, u32 bytes) {
    if (bytes <= row->room) return;
    if (bytes > 1u << 30) __builtin_trap();
    u32 power = power_of(bytes), at = block_of(power), count = row->count;
    if (row->room) copy((void *)at, (void *)row->at, row->room);
    leave(row);
    *row = (Row){at, count, 1u << power};
}

static inline i32 *numbers_of(const Row *row) { return (i32 *)row->at; }
static inline u8 *bytes_of(const Row *row) { return (u8 *)row->at; }

static inline void push(Row *row, i32 number) {
    if ((row->count + 1) * 4 > row->room) widen(row, (row->count + 1) * 4);
    numbers_of(row)[row->count++] = number;
}

static inline void push_byte(Row *row, u32 byte) {
    if (row->count + 1 > row->room) widen(row, row->count + 1);
    bytes_of(row)[row->count++] = (u8)byte;
}

/* Let a row of numbers reach beyond a place; what is new is 0. */
static void reach(Row *row, u32 place) {
    if (place < row->count) return;
    widen(row, (place + 1) * 4);
    fill((void *)(row->at + row->count * 4), 0, row->room - row->count * 4);
    row->count = row->room / 4;
}

/* Lists of numbers that grow at their front: a number, and where the list goes on. 0 is the empty list. */
static Row links;

static u32 linked(u32 list, i32 number) {
    if (!links.count) push(&links, 0), push(&links, 0);
    push(&links, number), push(&links, (i32)list);
    return links.count - 2;
}

static inline i32 number_in(u32 list) { return numbers_of(&links)[list]; }
static inline u32 rest_of(u32 list) { return (u32)numbers_of(&links)[list + 1]; }

/* What Python hands over, and what it is answered. */
static Row input, output;

EXPORT u32 room_for(u32 bytes) {
    widen(&input, bytes);
    return input.at;
}

EXPORT u32 answer(void) { return output.at; }

#endif
