/* Which of sixteen words of rules at once a word of a text may sound like: never fewer than near.h finds.
 *
 * The first sounds of each lie side by side. Costs are counted in steps, rounded down, so that they fit into a byte; what
 * costs more than a byte holds may be anything.
 */
#ifndef LANES_H
#define LANES_H

#include <wasm_simd128.h>

#include "near.h"

#define LANES 16u
#define DEEP 8u
#define A_KIND 32u
#define MOST_HEARD_IN_LANES 32u

/* Some of what is listened for, of one profile: the first sounds, with A_KIND times of which kind each is if it is missing;
 * by how much a word may differ, and its beginning, which is so long; how many sounds are looked at; how many a word has at
 * least; which words only may be it.
 */
typedef struct {
    u8 sounds[DEEP][LANES];
    u8 most[LANES], begun_room[LANES], begun[LANES], until[LANES], shortest[LANES], only[LANES];
    u32 entries[LANES];
    u32 count, profile, next;
} Lanes;

enum { NO_LANE = 128 };

static Row lanes;

static inline Lanes *lanes_at(u32 number) { return (Lanes *)lanes.at + number - 1; }

/* Add what is listened for to a list of such lanes, and return the list. */
static u32 with_lane(u32 list, u32 entry, const Wanted *own, u32 only) {
    u32 number = list;
    while (number && (lanes_at(number)->profile != own->profile || lanes_at(number)->count == LANES))
        number = lanes_at(number)->next;
    if (!number) {
        widen(&lanes, (lanes.count + 1) * sizeof(Lanes));
        number = ++lanes.count;
        Lanes *fresh = lanes_at(number);
        fill((void *)fresh, 0, sizeof(Lanes));
        fill((void *)fresh->only, NO_LANE, LANES);
        fresh->profile = own->profile, fresh->next = list;
        list = number;
    }
    Lanes *some = lanes_at(number);
    u32 lane = some->count++, until = own->stem ? own->stem : own->length;
    i32 most = own->room > own->stem_room ? own->room : own->stem_room;
    const u8 *sounds = bytes_of(&pool) + own->sounds, *kinds = sounds + own->length;
    if (own->derived > most) most = own->derived;
    if (own->run_room > most) most = own->run_room;
    for (u32 at = 0; at < DEEP && at < own->length; at++) some->sounds[at][lane] = (u8)(sounds[at] + A_KIND * kinds[at]);
    some->most[lane] = in_steps(most), some->begun_room[lane] = in_steps(own->begun_room);
    some->begun[lane] = own->begun, some->until[lane] = (u8)(until < DEEP ? until : DEEP);
    some->shortest[lane] = own->shortest, some->only[lane] = (u8)only;
    some->entries[lane] = entry;
    return list;
}

/* Return a bit for each lane that a word of a text may sound like; `lacks` are words that it is not. */
static u32 may_be_near(const Lanes *some, const Heard *heard, u32 lacks) {
    const Costs *costs = (const Costs *)costs_at[heard->profile][some->profile];
    if (!costs) __builtin_trap();
    const Steps *steps = &costs->steps;
    v128_t lacking = wasm_v128_and(wasm_v128_load(some->only), wasm_u8x16_splat((u8)(lacks | NO_LANE)));
    v128_t alive = wasm_i8x16_eq(lacking, wasm_u8x16_splat(0));
    if (costs->is_plain) {
        u8 length = (u8)(heard->length < 255 ? heard->length : 255);
        alive = wasm_v128_and(alive, wasm_u8x16_le(wasm_v128_load(some->shortest), wasm_u8x16_splat(length)));
    }
    if (heard->length > MOST_HEARD_IN_LANES) return wasm_i8x16_bitmask(alive);
    v128_t row[MOST_HEARD_IN_LANES + 1], more[MOST_HEARD_IN_LANES];
    v128_t most = wasm_v128_load(some->most), begun_room = wasm_v128_load(some->begun_room);
    v128_t begun = wasm_v128_load(some->begun), until = wasm_v128_load(some->until), misses = wasm_v128_load(steps->missing);
    row[0] = wasm_u8x16_splat(0);
    for (u32 at = 0; at < heard->length; at++) {
        more[at] = wasm_u8x16_splat(steps->added[heard->extra[at]]);
        row[at + 1] = wasm_u8x16_add_sat(row[at], more[at]);
    }
    for (u32 place = 0; place < DEEP && wasm_v128_any_true(alive); place++) {
        v128_t own = wasm_v128_load(some->sounds[place]), here = wasm_u8x16_splat((u8)place);
        v128_t looked_at = wasm_u8x16_gt(until, here);
        if (!wasm_v128_any_true(wasm_v128_and(looked_at, alive))) break;
        v128_t low = wasm_v128_and(own, wasm_u8x16_splat(A_KIND - 1)), high = wasm_i8x16_sub(low, wasm_u8x16_splat(16));
        v128_t miss = wasm_i8x16_swizzle(misses, wasm_u8x16_shr(own, 5));
        v128_t diagonal = row[0], before = row[0] = wasm_u8x16_add_sat(row[0], miss), least = before;
        for (u32 at = 0; at < heard->length; at++) {
            const u8 *swaps = steps->swaps[heard->sounds[at]];
            v128_t swap = wasm_v128_or(wasm_i8x16_swizzle(wasm_v128_load(swaps), low),
                                       wasm_i8x16_swizzle(wasm_v128_load(swaps + 16), high));
            v128_t cost = wasm_u8x16_add_sat(diagonal, swap);
            diagonal = row[at + 1];
            cost = wasm_u8x16_min(cost, wasm_u8x16_add_sat(diagonal, miss));
            before = row[at + 1] = wasm_u8x16_min(cost, wasm_u8x16_add_sat(before, more[at]));
            least = wasm_u8x16_min(least, before);
        }
        v128_t room = wasm_v128_bitselect(begun_room, most, wasm_u8x16_gt(begun, here));
        alive = wasm_v128_andnot(alive, wasm_v128_and(wasm_u8x16_gt(least, room), looked_at));
    }
    return wasm_i8x16_bitmask(alive);
}

#endif
