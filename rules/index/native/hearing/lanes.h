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
#define DEEP 16u
#define A_KIND 32u
#define MOST_HEARD_IN_LANES 32u

/* Some of what is listened for, of one kind: of one profile, and it may be a small word or none of it may. How many groups of the
 * kind follow, this one counted; the fewest sounds that a word has which is any of it. Then of each: its number; which words
 * only may be it; how many sounds are looked at; by how much a word may differ, and its beginning, which is so long; the first
 * sounds, with A_KIND times of which kind each is if it is missing; whether there are more; how many the stem has; one step more
 * than what may differ where all of it ends, the same in words where short vowels are not written, and in those where they are, where
 * anything may follow, where the stem ends, 0 for never.
 */
typedef struct {
    u32 rest;
    u8 profile, kind, shortest, only[LANES];
    u8 until[LANES], most[LANES], begun_room[LANES];
    u8 sounds[DEEP][LANES];
    u8 begun[LANES], more[LANES], stem[LANES], room[LANES], bare_room[LANES], word_room[LANES], derived[LANES], stem_room[LANES];
    u32 entries[LANES];
} Lanes;

/* One step more than something costs; 0 for what is never so. */
static inline u8 above(i32 cost) { return cost < 0 ? 0 : cost >= 254 * A_STEP ? 255 : (u8)(cost / A_STEP + 1); }

enum { NO_LANE = 128 };

static void add_lane(Lanes *some, u32 lane, u32 entry, u32 only, const Wanted *own) {
    i32 room = own->room > own->run_room ? own->room : own->run_room, most = room;
    const u8 *sounds = bytes_of(&pool) + own->sounds, *kinds = sounds + own->length;
    if (own->stem_room > most) most = own->stem_room;
    if (own->derived > most) most = own->derived;
    for (u32 at = 0; at < DEEP && at < own->length; at++) some->sounds[at][lane] = (u8)(sounds[at] + A_KIND * kinds[at]);
    some->most[lane] = in_steps(most), some->begun_room[lane] = in_steps(own->begun_room);
    some->begun[lane] = own->begun, some->until[lane] = (u8)(own->length < DEEP ? own->length : DEEP);
    some->more[lane] = own->length > DEEP || own->more ? 255 : 0, some->stem[lane] = own->stem;
    some->room[lane] = above(room), some->derived[lane] = above(own->derived);
    some->stem_room[lane] = above(own->stem_room);
    some->bare_room[lane] = above(own->bare_room < own->room && !own->more ? own->bare_room : own->room);
    some->word_room[lane] = above(own->word_room < own->room && !own->more ? own->word_room : own->room);
    some->only[lane] = (u8)only, some->entries[lane] = entry;
}

/* In which order what is listened for lies side by side: by kind, by the fewest sounds, by how it begins. */
#define KIND_SHIFT 49u
#define OF_A_KIND 1u /* SMALL */
#define MOST_ENTRIES (1u << 24)

static u64 order_of(u32 entry, u32 only, const Wanted *own) {
    u64 order = (u64)(only & OF_A_KIND) << 7 | own->profile;
    order = order << 5 | (own->shortest < 31 ? own->shortest : 31);
    for (u32 at = 0; at < 4; at++) order = order << 5 | (at < own->length ? bytes_of(&pool)[own->sounds + at] & 31 : 0);
    return order << 24 | entry;
}

static void sort(u64 *some, u32 count) {
    for (u32 gap = count / 2; gap; gap = gap == 2 ? 1 : gap * 5 / 11) {
        for (u32 n = gap; n < count; n++) {
            u64 moved = some[n];
            u32 at = n;
            for (; at >= gap && some[at - gap] > moved; at -= gap) some[at] = some[at - gap];
            some[at] = moved;
        }
    }
}

/* From which places a word of a text may end, with what that costs in steps; and from which any ending of a stem may begin. */
typedef struct {
    u32 count, stems;
    u8 at[MOST_HEARD_IN_LANES + 1], costs[MOST_HEARD_IN_LANES + 1], behind_stem[MOST_HEARD_IN_LANES + 1];
} Ends;

static void know_ends(Ends *ends_, const Heard *heard, const Endings *endings) {
    ends_->count = ends_->stems = 0;
    for (u32 at = 0; at <= heard->length && at <= MOST_HEARD_IN_LANES; at++)
        if (ends(heard, at, endings)) ends_->at[ends_->count] = (u8)at, ends_->costs[ends_->count++] = in_steps(ending_cost(heard, at));
    for (u32 from = 0; from <= heard->length && from <= MOST_HEARD_IN_LANES; from++) {
        int is_any = heard->is_open;
        for (u32 n = 0; n < ends_->count && !is_any; n++)
            is_any = ends_->at[n] >= from && value_of(&any_after, sum_of(heard->sounds + from, ends_->at[n] - from));
        if (is_any) ends_->behind_stem[ends_->stems++] = (u8)from;
    }
}

/* Return a bit for each lane that a word of a text may sound like; `lacks` are words that it is not. */
static u32 may_be_near(const Lanes *some, const Heard *heard, const Ends *ends_, const Costs *costs, u32 lacks) {
    const Steps *steps = &costs->steps;
    v128_t lacking = wasm_v128_and(wasm_v128_load(some->only), wasm_u8x16_splat((u8)(lacks | NO_LANE)));
    v128_t alive = wasm_i8x16_eq(lacking, wasm_u8x16_splat(0)), found = wasm_u8x16_splat(0);
    if (heard->length > MOST_HEARD_IN_LANES) return wasm_i8x16_bitmask(alive);
    v128_t row[MOST_HEARD_IN_LANES + 1], added[MOST_HEARD_IN_LANES];
    v128_t most = wasm_v128_load(some->most), begun_room = wasm_v128_load(some->begun_room), begun = wasm_v128_load(some->begun);
    v128_t until = wasm_v128_load(some->until), more = wasm_v128_load(some->more), misses = wasm_v128_load(steps->missing);
    v128_t stem = wasm_v128_load(some->stem), rooms = wasm_v128_load(some->room), derived = wasm_v128_load(some->derived);
    v128_t stem_room = wasm_v128_load(some->stem_room);
    if (heard->in_full || (heard->is_bare && !heard->is_open)) {
        rooms = wasm_v128_load(heard->is_bare ? some->bare_room : some->word_room);
        v128_t any = wasm_u8x16_max(wasm_u8x16_max(rooms, stem_room), derived), is_more = wasm_i8x16_eq(any, wasm_u8x16_splat(255));
        most = wasm_v128_or(wasm_u8x16_sub_sat(any, wasm_u8x16_splat(1)), is_more);
    }
    v128_t untold = wasm_u8x16_splat(254); /* so much and more: less than the room of what may be anything */
    row[0] = wasm_u8x16_splat(0);
    for (u32 at = 0; at < heard->length; at++) {
        added[at] = wasm_u8x16_splat(steps->added[heard->extra[at]]);
        row[at + 1] = wasm_u8x16_add_sat(row[at], added[at]);
    }
    for (u32 place = 0; place < DEEP && wasm_v128_any_true(alive); place++) {
        v128_t own = wasm_v128_load(some->sounds[place]), here = wasm_u8x16_splat((u8)place), behind = wasm_u8x16_splat((u8)(place + 1));
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
            before = row[at + 1] = wasm_u8x16_min(cost, wasm_u8x16_add_sat(before, added[at]));
            least = wasm_u8x16_min(least, before);
        }
        v128_t told = wasm_u8x16_min(least, untold);
        v128_t is_stem = wasm_v128_and(wasm_v128_and(wasm_i8x16_eq(stem, behind), wasm_u8x16_gt(stem_room, told)), alive);
        if (wasm_v128_any_true(is_stem)) {
            v128_t stem_end = untold;
            for (u32 n = 0; n < ends_->stems; n++) stem_end = wasm_u8x16_min(stem_end, row[ends_->behind_stem[n]]);
            found = wasm_v128_or(found, wasm_v128_and(is_stem, wasm_u8x16_gt(stem_room, stem_end)));
        }
        v128_t room = wasm_v128_bitselect(begun_room, most, wasm_u8x16_gt(begun, here));
        alive = wasm_v128_andnot(alive, wasm_v128_and(wasm_u8x16_gt(least, room), looked_at));
        v128_t is_all = wasm_v128_andnot(wasm_v128_and(alive, wasm_i8x16_eq(until, behind)), more);
        if (!wasm_v128_any_true(is_all)) continue;
        v128_t end = untold;
        for (u32 n = 0; n < ends_->count; n++)
            end = wasm_u8x16_min(end, wasm_u8x16_add_sat(row[ends_->at[n]], wasm_u8x16_splat(ends_->costs[n])));
        v128_t is_it = wasm_v128_or(wasm_u8x16_gt(rooms, end), wasm_u8x16_gt(derived, told));
        found = wasm_v128_or(found, wasm_v128_and(is_it, is_all));
        alive = wasm_v128_andnot(alive, is_all);
    }
    return wasm_i8x16_bitmask(wasm_v128_or(found, alive));
}

#endif
