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

/* A sound of a word of a text as it is compared with lanes of one kind: what it costs for sounds of theirs below 16, and from there
 * on, what it costs if it is one too many, in the first row all of them up to it, and what all up to it cost as far as was looked at.
 */
typedef struct {
    v128_t low, high, added, first, row;
} Cell;

/* All of them, behind one for none, and one that may be nothing where that makes an even number: two are compared at a time. */
typedef struct {
    const Costs *costs;
    u32 count;
    Cell cells[MOST_HEARD_IN_LANES + 2];
} Turned;

static void turn(Turned *turned, const Heard *heard, const Costs *costs) {
    const Steps *steps = &costs->steps;
    v128_t never = wasm_u8x16_splat(255), sum = turned->cells[0].first = wasm_u8x16_splat(0);
    turned->costs = costs, turned->count = (heard->length + 1) & ~1u;
    for (u32 at = 0; at < turned->count; at++) {
        Cell *cell = &turned->cells[at + 1];
        cell->low = cell->high = cell->added = never;
        if (at < heard->length) {
            const u8 *swaps = steps->swaps[heard->sounds[at]];
            cell->low = wasm_v128_load(swaps), cell->high = wasm_v128_load(swaps + 16);
            cell->added = wasm_u8x16_splat(steps->added[heard->extra[at]]);
        }
        cell->first = sum = wasm_u8x16_add_sat(sum, cell->added);
    }
}

/* A lookup in 16 bytes by numbers below 16, or from 128 on, which find 0: processors agree on these, and need no other step. */
#define RELAXED __attribute__((target("relaxed-simd")))

/* Go on to a sound of the text in the row of sounds of lanes; a number of theirs with the highest bit is of the other half. */
RELAXED static inline v128_t next_cell(Cell *cell, v128_t low, v128_t high, v128_t miss, v128_t diagonal, v128_t above, v128_t before) {
    v128_t swap = wasm_v128_or(wasm_i8x16_relaxed_swizzle(cell->low, low), wasm_i8x16_relaxed_swizzle(cell->high, high));
    v128_t cost = wasm_u8x16_min(wasm_u8x16_add_sat(diagonal, swap), wasm_u8x16_add_sat(above, miss));
    return cell->row = wasm_u8x16_min(cost, wasm_u8x16_add_sat(before, cell->added));
}

/* Return a bit for each lane that a word of a text may sound like; `lacks` are words that it is not. */
RELAXED static u32 may_be_near(const Lanes *some, const Heard *heard, const Ends *ends_, Turned *turned, const Costs *costs, u32 lacks) {
    v128_t lacking = wasm_v128_and(wasm_v128_load(some->only), wasm_u8x16_splat((u8)(lacks | NO_LANE)));
    v128_t alive = wasm_i8x16_eq(lacking, wasm_u8x16_splat(0)), found = wasm_u8x16_splat(0);
    if (heard->length > MOST_HEARD_IN_LANES) return wasm_i8x16_bitmask(alive);
    if (turned->costs != costs) turn(turned, heard, costs);
    Cell *cells = turned->cells, *end_of_cells = cells + turned->count;
    v128_t most = wasm_v128_load(some->most), begun_room = wasm_v128_load(some->begun_room), begun = wasm_v128_load(some->begun);
    v128_t until = wasm_v128_load(some->until), more = wasm_v128_load(some->more), misses = wasm_v128_load(costs->steps.missing);
    v128_t stem = wasm_v128_load(some->stem), rooms = wasm_v128_load(some->room), derived = wasm_v128_load(some->derived);
    v128_t stem_room = wasm_v128_load(some->stem_room);
    if (heard->in_full || (heard->is_bare && !heard->is_open)) {
        rooms = wasm_v128_load(heard->is_bare ? some->bare_room : some->word_room);
        v128_t any = wasm_u8x16_max(wasm_u8x16_max(rooms, stem_room), derived), is_more = wasm_i8x16_eq(any, wasm_u8x16_splat(255));
        most = wasm_v128_or(wasm_u8x16_sub_sat(any, wasm_u8x16_splat(1)), is_more);
    }
    v128_t untold = wasm_u8x16_splat(254); /* so much and more: less than the room of what may be anything */
    for (Cell *cell = cells; cell <= end_of_cells; cell++) cell->row = cell->first;
    for (u32 place = 0; place < DEEP && wasm_v128_any_true(alive); place++) {
        v128_t own = wasm_v128_load(some->sounds[place]), here = wasm_u8x16_splat((u8)place), behind = wasm_u8x16_splat((u8)(place + 1));
        v128_t looked_at = wasm_u8x16_gt(until, here);
        if (!wasm_v128_any_true(wasm_v128_and(looked_at, alive))) break;
        v128_t low = wasm_v128_and(own, wasm_u8x16_splat(A_KIND - 1)), high = wasm_i8x16_sub(low, wasm_u8x16_splat(16));
        low = wasm_v128_or(low, wasm_v128_and(wasm_u8x16_ge(low, wasm_u8x16_splat(16)), wasm_u8x16_splat(128)));
        v128_t miss = wasm_i8x16_swizzle(misses, wasm_u8x16_shr(own, 5));
        v128_t diagonal = cells->row, before = cells->row = wasm_u8x16_add_sat(diagonal, miss), least = before;
        for (Cell *cell = cells + 1; cell <= end_of_cells; cell += 2) {
            v128_t above = cell[0].row, next = cell[1].row;
            v128_t first = next_cell(cell, low, high, miss, diagonal, above, before);
            before = next_cell(cell + 1, low, high, miss, above, next, first);
            least = wasm_u8x16_min(wasm_u8x16_min(least, first), before);
            diagonal = next;
        }
        v128_t told = wasm_u8x16_min(least, untold);
        v128_t is_stem = wasm_v128_and(wasm_v128_and(wasm_i8x16_eq(stem, behind), wasm_u8x16_gt(stem_room, told)), alive);
        if (wasm_v128_any_true(is_stem)) {
            v128_t stem_end = untold;
            for (u32 n = 0; n < ends_->stems; n++) stem_end = wasm_u8x16_min(stem_end, cells[ends_->behind_stem[n]].row);
            found = wasm_v128_or(found, wasm_v128_and(is_stem, wasm_u8x16_gt(stem_room, stem_end)));
        }
        v128_t room = wasm_v128_bitselect(begun_room, most, wasm_u8x16_gt(begun, here));
        alive = wasm_v128_andnot(alive, wasm_v128_and(wasm_u8x16_gt(least, room), looked_at));
        v128_t is_all = wasm_v128_andnot(wasm_v128_and(alive, wasm_i8x16_eq(until, behind)), more);
        if (!wasm_v128_any_true(is_all)) continue;
        v128_t end = untold;
        for (u32 n = 0; n < ends_->count; n++)
            end = wasm_u8x16_min(end, wasm_u8x16_add_sat(cells[ends_->at[n]].row, wasm_u8x16_splat(ends_->costs[n])));
        v128_t is_it = wasm_v128_or(wasm_u8x16_gt(rooms, end), wasm_u8x16_gt(derived, told));
        found = wasm_v128_or(found, wasm_v128_and(is_it, is_all));
        alive = wasm_v128_andnot(alive, is_all);
    }
    return wasm_i8x16_bitmask(wasm_v128_or(found, alive));
}

#endif
