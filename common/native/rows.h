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

/* A large one begins where memory is read from: what fits into a line there, and has its size, is waited for once. */
#define LARGE 12u
#define A_LINE 64u

static u32 block_of(u32 power) {
    u32 at = left[power];
    if (!at && power < LARGE) return take(1u << power);
    if (!at) return (take((1u << power) + A_LINE) + A_LINE - 1) & ~(A_LINE - 1);
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

/* Lists of numbers, each behind how many these are; what a list has room for is a power of two, with the count. 0 is the empty
 * one.
 */
static Row lists;
static u32 left_lists[32];
static const i32 no_list[1];

static inline const i32 *list_at(u32 list) { return list ? numbers_of(&lists) + list : no_list; }

/* Add a number to a list, and return where it lies now. */
static u32 appended(u32 list, i32 number) {
    u32 size = 1 + (u32)*list_at(list), power = 32 - (u32)__builtin_clz(size);
    if (list && size & (size - 1)) {
        numbers_of(&lists)[list + size] = number;
        numbers_of(&lists)[list]++;
        return list;
    }
    u32 at = left_lists[power];
    if (at) {
        left_lists[power] = (u32)numbers_of(&lists)[at];
    } else {
        at = lists.count ? lists.count : 2;
        lists.count = at + (1u << power);
        widen(&lists, lists.count * 4);
    }
    i32 *own = numbers_of(&lists) + at;
    if (list) {
        copy(own, list_at(list), size * 4);
        numbers_of(&lists)[list] = (i32)left_lists[power - 1];
        left_lists[power - 1] = list;
    }
    own[0] = (i32)size, own[size] = number;
    return at;
}

static int has(u32 list, i32 number) {
    const i32 *some = list_at(list);
    for (i32 n = 1; n <= some[0]; n++)
        if (some[n] == number) return 1;
    return 0;
}

/* What Python hands over, and what it is answered. */
static Row input, output;

EXPORT u32 room_for(u32 bytes) {
    widen(&input, bytes);
    return input.at;
}

EXPORT u32 answer(void) { return output.at; }

#endif
