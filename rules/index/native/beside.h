/* Which terms an article may hold that was looked up: what stands beside a word that leads. */
#ifndef BESIDE_H
#define BESIDE_H

#include "compounds.h"

#define MOST_PLACES 256u

static Row tried, tried_ways;
static Row counting_ways; /* ways that a word leads */

static void found(i32 term, i32 place) { push(&output, term), push(&output, place); }

/* Note a way of two words if the other one stands beside a place where the leading one does. What is told by its sound counts only
 * where no clause ends between them, and if it is a common word of the text, only as one that it borrows, in the order of the rule.
 */
static void find_beside(const Article *article, u32 number, u32 place, int is_literal) {
    int by_letters = !is_literal && state_of(head_of(number)->numbers[1]);
    const i32 *way = way_of(number), *lead = way + OF_WAY, *other = next_slot(lead);
    u32 flags = flags_of(article->language, number);
    u32 near[257], count = neighbours(article, place, near);
    for (u32 n = 0; n < count; n++) {
        int is_written = by_letters && is_there((u32)other[SLOT], (i32)near[n]);
        if (!is_written && !is_any(article, other, near[n])) continue;
        int is_in_order = near[n] == place || (near[n] < place) == head_of(number)->leads_behind;
        if (!is_literal && !is_written) {
            if (is_end_between(place, near[n])) continue;
            if (!are_like_enough(article, number, lead, place, other, near[n])) continue;
            if (head_of(number)->is_of_names && !are_a_name(article, lead, place, other, near[n], is_in_order)) continue;
        }
        int guessed = (!is_literal && flags & LEAD_KNOWN) || (!is_written && flags & OTHER_KNOWN);
        guessed |= (!is_literal && is_common_there(article, lead, place)) || (!is_written && is_common_there(article, other, near[n]));
        if (!guessed || (is_in_order && may_be_borrowed(article, lead, place, other, near[n]))) {
            found(way[TERM], (i32)place);
            found(way[TERM], (i32)near[n]);
        }
    }
}

/* Which slots of a way the word at a place answers, as bits; which of them by its letters. */
static u32 answers_at(const Article *article, const i32 *way, u32 place, u32 *told) {
    const i32 *slot = way + OF_WAY;
    u32 bits = 0;
    *told = 0;
    for (u32 n = 0; n < (u32)way[SLOTS]; n++, slot = next_slot(slot)) {
        u32 bit = bit_for(n);
        if (is_there((u32)slot[SLOT], (i32)place)) bits |= bit, *told |= bit;
        else if (!(bits & bit) && is_any(article, slot, place)) bits |= bit;
    }
    return bits;
}

/* Whether nothing but words that do not count stands between two. */
static int are_beside(const Article *article, u32 left, u32 right) {
    for (u32 at = left + 1; at < right; at++)
        if (!(heard_at(article, at)[FLAGS] & IS_RUN) && !may_not_count(article, at)) return 0;
    return 1;
}

/* Whether two words may stand beside each other in a way: with another one between only if letters say both. */
static int are_linked(const Article *article, u32 one, u32 other, u32 longest, int by_sound) {
    u32 left = one < other ? one : other, right = one < other ? other : one;
    return are_near(left, right, longest, 0) && (longest > 1 || !by_sound || are_beside(article, left, right));
}

/* Whether all of them may be so near a place. */
static int may_be_around(const Article *article, const i32 *way, i32 place, i32 so_far) {
    const i32 *slot = next_slot(way + OF_WAY);
    i32 from = far_before(place, so_far), to = far_behind(place, so_far, (i32)article->count - 1);
    for (i32 n = 1; n < way[SLOTS]; n++, slot = next_slot(slot)) {
        if (is_there_between((u32)slot[SLOT], from, to)) continue;
        if (!is_any_between(article, slot, (u32)from, (u32)to)) return 0;
    }
    return 1;
}

/* Whether all words of a way are borrowed, maybe, by what is found from a place in the output on. */
static int are_borrowed(const Article *article, const i32 *way, u32 from) {
    const i32 *slot = way + OF_WAY;
    for (i32 n = 0; n < way[SLOTS]; n++, slot = next_slot(slot)) {
        u32 at = from;
        while (at < output.count && !is_any(article, slot, (u32)numbers_of(&output)[at + 1])) at += 2;
        if (at >= output.count) return 0;
    }
    return 1;
}

/* Note a way of more than two words if words that answer all of it stand one near the next, around a place. */
static void find_chain(const Article *article, u32 number, u32 place, u32 as_one_here) {
    const i32 *way = way_of(number), *slot = way + OF_WAY;
    u32 longest = 1, before = output.count, slots = (u32)way[SLOTS];
    for (u32 n = 0; n < slots; n++, slot = next_slot(slot)) {
        u32 length = longest_of((u32)slot[SLOT]);
        if (length > longest) longest = length;
    }
    u32 told, every, known = flags_of(article->language, number) / LEAD_KNOWN;
    int reach_ = (int)(STOPS_BETWEEN + OTHERS_BETWEEN + longest);
    const i32 farthest = (i32)(MOST_BETWEEN + longest);
    if (!as_one_here && !may_be_around(article, way, (i32)place, reach_ * (i32)slots)) return;
    u32 all = answers_at(article, way, place, &told) | as_one_here;
    int first_by_sound = !told;
    every = told | as_one_here;
    found(way[TERM], (i32)place);
    for (i32 step = -1; step <= 1; step += 2) {
        i32 last = (i32)place, solid = first_by_sound ? -1 : last, last_by_sound = first_by_sound;
        for (i32 at = last + step; at >= 0 && at < (i32)article->count && (at - last) * step <= farthest; at += step) {
            if ((step < 0 ? ones_between(at, last) : ones_between(last, at)) >= reach_) break;
            u32 both = as_one_at(article, number, (u32)at), bits = answers_at(article, way, (u32)at, &told) | both;
            int by_sound = !told;
            if (!bits) continue;
            if (!are_linked(article, (u32)last, (u32)at, longest, last_by_sound || by_sound) &&
                (by_sound || solid < 0 || !are_linked(article, (u32)solid, (u32)at, longest, 0)))
                continue;
            found(way[TERM], at);
            all |= bits, every |= told | both, last = at, last_by_sound = by_sound;
            if (!by_sound) solid = at;
        }
    }
    int is_all = (u32)__builtin_popcount(all) >= (slots < MOST_BITS ? slots : MOST_BITS);
    if (!is_all || (known & ~every && !are_borrowed(article, way, before))) output.count = before;
}

/* Note what stands around a place of a way. */
static void find_around(const Article *article, u32 number, u32 place) {
    if (head_of(number)->slots <= 2) {
        found(way_of(number)[TERM], (i32)place);
        return;
    }
    know_places(article), reach(&tried, number);
    i32 *times = &numbers_of(&tried)[number];
    if (!*times) push(&tried_ways, (i32)number);
    if (++*times <= (i32)MOST_PLACES) find_chain(article, number, place, as_one_at(article, number, place));
}

/* Whether a way that a word leads may go on from a place, as far as is known at a glance. By its sound a word is linked only to
 * what stands beside it, and one whose letters say it, too, where nothing else is said by letters, or by several words.
 */
enum { GOES_NOWHERE, MAY_GO_ON_BESIDE, MAY_GO_ON };

/* Whether letters answer a slot at another place to which one may be linked. */
static int is_there_around(u32 slot, i32 place) {
    const i32 most = (i32)(STOPS_BETWEEN + OTHERS_BETWEEN + 1);
    if (!state_of(slot)) return 0;
    const i32 *places = places_of(slot);
    i32 at = first_from(places, far_before(place, most));
    at += at < places[0] && places[1 + at] == place;
    return at < places[0] && places[1 + at] <= far_behind(place, most, (i32)word_count - 1);
}

/* Whether any word between two has one of the keys from one on, up to the next slot's; `keys` is then behind them. */
static int has_any_key(const u16 **keys, const u16 *end, u32 from, u32 to) {
    int is_any = 0;
    for (; *keys < end && **keys > A_SLOT; ++*keys)
        is_any |= stands(**keys) && any_between(blocks_at(standing[**keys]), from >> block_shift, to >> block_shift);
    return is_any;
}

/* Whether the keys of a slot are there, for which there may have been no room. */
static inline int has_keys(const u16 *key, const u16 *end) { return key < end && *key == A_SLOT; }

/* Of two slots: whether the other one may be answered beside the place. */
static int may_be_beside(const Head *head, const Reach *around, int is_literal) {
    const u16 *key = head->keys + 1;
    if (!is_literal && state_of(head->numbers[1]) &&
        is_there_between(head->numbers[1], (i32)around->near_from, (i32)around->near_to))
        return 1;
    if (!(around->near_mask & head->others)) return 0;
    return !has_keys(head->keys, key) || has_any_key(&key, head->keys + KEYS_AT_ONCE, around->near_from, around->near_to);
}

static int may_go_on(const Article *article, u32 number, u32 place) {
    const Head *head = head_of(number);
    const Reach *around = reach_of(place);
    const u16 *key = head->keys, *end = key + KEYS_AT_ONCE;
    if (may_be_as_one(number)) return MAY_GO_ON;
    u32 states_ = head->slots > SLOTS_AT_ONCE ? IS_LONG : 0, is_beside = 0, last = article->count - 1;
    for (u32 n = 0; n < head->slots && n < SLOTS_AT_ONCE; n++) states_ |= state_of(head->numbers[n]);
    if (!states_ && !around->is_beside_a_run && !(around->linked_mask & head->others)) return GOES_NOWHERE;
    u32 far = states_ < IS_LONG && !around->is_beside_a_run ? (STOPS_BETWEEN + OTHERS_BETWEEN + 1) * head->slots : last;
    u32 from = (u32)far_before((i32)place, (i32)far), to = (u32)far_behind((i32)place, (i32)far, (i32)last);
    for (u32 n = 1; n < head->slots; n++) {
        if (!has_keys(key, end)) return MAY_GO_ON;
        const u16 *own = ++key, *again = own;
        int is_there_too = state_of(head->numbers[n]) != 0;
        if (!has_any_key(&key, end, from, to) && !is_there_too) return GOES_NOWHERE;
        is_beside |= (u32)has_any_key(&again, end, around->linked_from, around->linked_to);
        is_beside |= is_there_too && is_there_around(head->numbers[n], (i32)place);
    }
    if (states_ >= IS_LONG || around->is_beside_a_run) return MAY_GO_ON;
    return is_beside ? MAY_GO_ON_BESIDE : GOES_NOWHERE;
}

/* Whether a way that a word leads may go on from a place, as far as is known at a glance. */
static int goes_on_from(const Article *article, u32 number, u32 place, int is_literal) {
    const Head *head = head_of(number);
    know_places(article);
    return head->slots <= 2 ? may_be_beside(head, reach_of(place), is_literal) : may_go_on(article, number, place);
}

/* How many slots of a way the word at a place answers, the first ones without a break. */
static u32 answered_first(const Article *article, const i32 *slot, u32 slots, u32 place) {
    u32 n = 0;
    while (n < slots && (is_there((u32)slot[SLOT], (i32)place) || is_any(article, slot, place))) n++, slot = next_slot(slot);
    return n;
}

/* Whether the word at a place answers any slot of a way. */
static int answers_any(const Article *article, const i32 *slot, u32 slots, u32 place) {
    for (u32 n = 0; n < slots; n++, slot = next_slot(slot))
        if (is_there((u32)slot[SLOT], (i32)place) || is_any(article, slot, place)) return 1;
    return 0;
}

/* Whether any slot is answered where the word at a place may be linked to it, or all by that one. */
static int goes_on_beside(const Article *article, u32 number, u32 place) {
    const i32 *way = way_of(number), *first = way + OF_WAY, *slot = first;
    u32 slots = (u32)way[SLOTS], is_literal = 0, is_around = 0;
    for (u32 n = 0; n < slots; n++, slot = next_slot(slot)) {
        if (!state_of((u32)slot[SLOT])) continue;
        is_literal |= (u32)is_there((u32)slot[SLOT], (i32)place);
        is_around |= (u32)is_there_around((u32)slot[SLOT], (i32)place);
    }
    if (is_literal && is_around) return 1;
    for (i32 step = -1; step <= 1; step += 2)
        for (i32 at = (i32)place; (at = next_linked(article, place, at, step)) >= 0;)
            if (answers_any(article, first, slots, (u32)at)) return 1;
    return answered_first(article, next_slot(first), slots - 1, place) == slots - 1;
}

static void follow(const Article *article, u32 number, u32 place, int is_literal, int goes_on) {
    if (head_of(number)->slots <= 2) find_beside(article, number, place, is_literal);
    else if (goes_on == MAY_GO_ON || goes_on_beside(article, number, place)) find_around(article, number, place);
}

/* Read what is looked at first of ways, as `ask_ahead` does. */
static void ask_for_heads(const i32 *some, i32 count) {
    for (i32 n = 0; n < count; n++) (void)*(const volatile u64 *)head_of((u32)some[n]);
    chosen.count = 0;
}

/* The same of ways that were chosen, one in so many numbers. */
static void ask_for_chosen(u32 step) {
    for (u32 n = 0; n < chosen.count; n += step) (void)*(const volatile i32 *)way_of((u32)numbers_of(&chosen)[n]);
}

/* Note ways that the word at a place leads by its sound. */
static void led_by_sound(const Article *article, const i32 *some, i32 count, u32 place) {
    ask_for_heads(some, count);
    for (i32 n = 0; n < count; n++) {
        int goes_on = goes_on_from(article, (u32)some[n], place, 0);
        if (goes_on) push(&chosen, some[n]), push(&chosen, goes_on);
    }
    ask_for_chosen(2);
    for (u32 n = 0; n < chosen.count; n += 2) follow(article, (u32)numbers_of(&chosen)[n], place, 0, numbers_of(&chosen)[n + 1]);
}

/* Note ways that words lead which answer a slot by their letters. */
static void led_by_slot(const Article *article, u32 slot) {
    u32 list = slot < led_by.count ? (u32)numbers_of(&led_by)[slot] : 0;
    if (!list) return;
    const i32 *led = list_at(list);
    counting_ways.count = 0;
    for (i32 each = 1; each <= led[0]; each++)
        if (flags_of(article->language, (u32)led[each]) & COUNTS) push(&counting_ways, led[each]);
    if (!counting_ways.count) return;
    u32 from = literal_of(slot) + 1;
    i32 some = numbers_of(&literals)[from - 1];
    ask_for_heads(numbers_of(&counting_ways), (i32)counting_ways.count);
    for (u32 each = 0; each < counting_ways.count; each++) {
        u32 number = (u32)numbers_of(&counting_ways)[each];
        i32 n = 0;
        while (n < some && !goes_on_from(article, number, (u32)numbers_of(&literals)[from + (u32)n], 1)) n++;
        if (n < some) push(&chosen, (i32)number);
    }
    ask_for_chosen(1);
    for (u32 each = 0; each < chosen.count; each++) {
        for (i32 n = 0; n < some; n++) {
            const i32 *places = numbers_of(&literals) + from;
            u32 number = (u32)numbers_of(&chosen)[each], place = (u32)places[n];
            int goes_on = goes_on_from(article, number, place, 1);
            if (goes_on) follow(article, number, place, 1, goes_on);
        }
    }
}

/* Read the article that was met, and whose words were looked up, and note the terms that it may hold by its sounds. */
EXPORT void read(u32 number) {
    Article article = {language_of(number), numbers_of(&article_words), article_words.count};
    output.count = tried_ways.count = as_one.count = are_places_known = 0;
    make_room();
    for (u32 n = 0, count; n < found_heads.count && article.language->has_ways; n += 2 * count) {
        const i32 *heads = numbers_of(&found_heads) + n;
        for (count = 1; n + 2 * count < found_heads.count && heads[2 * count + 1] == heads[1];) count++;
        note_heads(&article, (u32)heads[1], heads, count);
    }
    know_as_one(&article);
    for (u32 n = 0; n < as_one.count; n += 3)
        find_around(&article, (u32)numbers_of(&as_one)[n], (u32)numbers_of(&as_one)[n + 1]);
    for (u32 place = 0; place < article.count; place++) {
        const i32 *heard = heard_at(&article, place), *some = ways_in(heard);
        led_by_sound(&article, some, heard[LEADS], place);
        for (i32 n = 0; n < heard[TERMS]; n++) find_around(&article, (u32)some[heard[LEADS] + 2 * n], place);
    }
    for (u32 n = 0; n < met_slots.count; n++) {
        u32 slot = (u32)numbers_of(&met_slots)[n];
        if (slot < led_by.count) (void)*(const volatile i32 *)list_at((u32)numbers_of(&led_by)[slot]);
    }
    for (u32 at = 0; at < met_slots.count && article.language->has_ways; at++) led_by_slot(&article, (u32)numbers_of(&met_slots)[at]);
    for (u32 n = 0; n < tried_ways.count; n++) numbers_of(&tried)[numbers_of(&tried_ways)[n]] = 0;
    for (u32 n = 0; n < output.count; n += 2)
        note_term((u32)numbers_of(&output)[n], IS_SAID, (u32)numbers_of(&output)[n + 1]);
}

/* Meet the article that was cut, by letters and by sounds. Returns what `look_up` does; if that is not 0, Python must help before it
 * is read.
 */
EXPORT i32 meet_and_read(u32 tongue, u32 language) {
    meet(tongue);
    i32 left = look_up(language);
    if (!left) read(language);
    return left;
}

#endif
