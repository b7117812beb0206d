/* Words of an article that are two words of rules as one: one of rules, and behind it, or behind a link, what sounds like another. */
#ifndef COMPOUNDS_H
#define COMPOUNDS_H

#include "alike.h"

#define SHORTEST_REST 4u

static Row gone_on; /* for each word of rules, twice a stamp, and 1 if the word goes on as it that is looked at */
static Row tails; /* words of rules with which it may go on, and what is wanted of each */
static u32 gone_stamp;
static Row chosen; /* ways that may go on from a word */
static Row as_one; /* ways and places of words that begin with one of rules and go on, and which slots these answer */

/* What is left of a word behind its beginning, as it sounds. */
typedef struct {
    Heard heard;
    u8 sounds[MOST_SOUNDS];
} Rest;

static Rest rests[MOST_LINKS];
static u32 rest_count;
static u64 rest_mask; /* of the keys of all of them */

/* Hear what is left of a word behind a word of rules, after each link that may stand there. */
static void hear_rests(const Article *article, const u32 *rest, u32 length) {
    rest_count = 0, rest_mask = 0;
    for (u32 n = 0; n < links_known; n++) {
        u32 size = link_lengths[n];
        if (length < size + SHORTEST_REST || !begins_with_link(rest, length, n)) continue;
        Rest *heard = &rests[rest_count++];
        u32 script = read_as(article->language, script_in(rest + size, length - size));
        u32 count = to_sounds(rest + size, length - size, script, (int)article->language->j_is_i, heard->sounds);
        heard->heard = (Heard){.length = count, .profile = scripts[script].profile, .sounds = heard->sounds};
        listen_to(&heard->heard);
        rest_mask |= mask_of_sounds(&heard->heard, &scripts[script]);
    }
}

/* Whether a word goes on with what sounds like a word of rules. */
static int goes_on(const Article *article, const Wanted *wanted) {
    for (u32 n = 0; n < rest_count; n++)
        if (is_near(wanted, &rests[n].heard, &article->language->endings, 0)) return 1;
    return 0;
}

/* Choose the ways in a list of which a word may go on with any word, as far as its keys say, and find out with which, all at once. */
static void know_what_goes_on(const Article *article, const i32 *some, int is_led) {
    tails.count = chosen.count = 0;
    for (i32 one = 1; one <= some[0]; one++) {
        if (!(flags_of(article->language, (u32)some[one]) & COUNTS)) continue;
        const Head *head = head_of((u32)some[one]);
        if (head->others & rest_mask || (!is_led && head->leading & folded_mask(rest_mask))) push(&chosen, some[one]);
    }
    for (u32 one = 0; one < chosen.count; one++) {
        const i32 *way = way_of((u32)numbers_of(&chosen)[one]), *each = way + OF_WAY;
        for (i32 at = 0; at < way[SLOTS]; at++, each = next_slot(each)) {
            if (!(mask_of(each) & rest_mask) || numbers_of(&gone_on)[each[OF_SLOT]] >> 1 == (i32)gone_stamp) continue;
            numbers_of(&gone_on)[each[OF_SLOT]] = (i32)gone_stamp * 2;
            push(&tails, each[OF_SLOT]), push(&tails, 0);
        }
    }
    i32 *own = numbers_of(&tails);
    for (u32 n = 0; n < tails.count; n += 2) own[n + 1] = (i32)word_at((u32)own[n])->wanted;
    ask_ahead(&tails);
    for (u32 n = 0; n < tails.count; n += 2) numbers_of(&gone_on)[own[n]] |= goes_on(article, wanted_at((u32)own[n + 1]));
}

/* Find ways of which a word begins with a slot's word and goes on with a cognate of another one's. */
static void find_compounds(const Article *article, u32 slot) {
    Row *both[2] = {&led_by, &others_by}, *row = &article->language->going_on;
    for (u32 n = 0; n < 2; n++) {
        know_what_goes_on(article, list_at(slot < both[n]->count ? (u32)numbers_of(both[n])[slot] : 0), !n);
        for (u32 one = 0; one < chosen.count; one++) {
            u32 number = (u32)numbers_of(&chosen)[one];
            const i32 *way = way_of(number), *each = way + OF_WAY;
            u32 heads = 0, with = 0;
            for (i32 at = 0; at < way[SLOTS]; at++, each = next_slot(each)) {
                u32 bit = bit_for((u32)at);
                if ((u32)each[SLOT] == slot) heads |= bit;
                if (each[SLOT_WORDS] && numbers_of(&gone_on)[each[OF_SLOT]] == (i32)gone_stamp * 2 + 1) with |= bit;
            }
            int are_two = __builtin_popcount(heads | with) > 1 || (u32)way[SLOTS] > MOST_BITS; /* not both of one slot */
            if (with && are_two) push(row, (i32)number), push(row, (i32)(heads | with));
        }
    }
}

/* Find ways of which a word begins with a word of rules, by all slots that this one answers alone. */
static void find_heads(const Article *article, u32 word, u32 place) {
    const Anchor *anchor = anchor_at(word);
    const u32 *rest = folded_at(place) + anchor->length;
    hear_rests(article, rest, folded_length(place) - anchor->length);
    if (!rest_count) return;
    reach(&gone_on, words.count), gone_stamp++;
    const i32 *filed = list_at(anchor->filed);
    for (i32 at = 1; at <= filed[0]; at++) {
        u32 number = (u32)filed[at] / 2, is_joined = (u32)filed[at] & 1;
        if (!is_joined && numbers_of(&text_words)[text_at(number)->words] > 1) continue;
        u32 both[] = {text_at(number)->slots, slots_in(tongue_of(met_in), number)};
        for (u32 n = 0; n < 2; n++) {
            const i32 *slots = list_at(both[n]);
            for (i32 each = 1; each <= slots[0]; each++) find_compounds(article, (u32)slots[each]);
        }
    }
}

/* Note ways of which the word at a place begins with words of rules, so many of them. With what a word goes on is found once. */
static void note_heads(const Article *article, u32 place, const i32 *heads, u32 count) {
    Row *row = &article->language->going_on, *begun = &article->language->begun;
    u32 time = tongue_of(met_in)->time, *known_at = &article->language->begun_at;
    if (*known_at != time) row->count = begun->count = 0, push(row, 0), *known_at = time;
    reach(begun, (u32)article->words[place]);
    u32 at = (u32)numbers_of(begun)[article->words[place]];
    if (!at) {
        at = row->count;
        push(row, 0);
        for (u32 n = 0; n < count; n++) find_heads(article, (u32)heads[n * 2], place);
        numbers_of(row)[at] = (i32)(row->count - at - 1);
        numbers_of(begun)[article->words[place]] = (i32)at;
    }
    const i32 *own = numbers_of(row) + at;
    for (i32 n = 1; n < own[0]; n += 2) push(&as_one, own[n]), push(&as_one, (i32)place), push(&as_one, own[n + 1]);
}

/* Ways of which any word of the article answers slots as two words in one, a bit each, which some share. */
static u64 bits_as_one[1024];
static inline int may_be_as_one(u32 number) { return bits_as_one[number / 64 % 1024] >> number % 64 & 1; }

static void know_as_one(const Article *article) {
    fill(bits_as_one, 0, sizeof bits_as_one);
    for (u32 n = 0; n < as_one.count; n += 3) {
        u32 number = (u32)numbers_of(&as_one)[n];
        bits_as_one[number / 64 % 1024] |= 1ull << number % 64;
    }
    for (u32 place = 0; place < article->count; place++) {
        const i32 *heard = heard_at(article, place), *some = ways_in(heard) + heard[LEADS];
        for (i32 n = 0; n < heard[TERMS]; n++) bits_as_one[(u32)some[2 * n] / 64 % 1024] |= 1ull << (u32)some[2 * n] % 64;
    }
}

/* Which slots of a way a word may answer that is two words as one, as bits. */
static u32 as_one_at(const Article *article, u32 number, u32 place) {
    if (!may_be_as_one(number)) return 0;
    const i32 *heard = heard_at(article, place), *some = ways_in(heard) + heard[LEADS];
    u32 bits = 0;
    for (i32 n = 0; n < heard[TERMS]; n++)
        if ((u32)some[2 * n] == number) bits |= (u32)some[2 * n + 1];
    for (u32 n = 0; n < as_one.count; n += 3)
        if ((u32)numbers_of(&as_one)[n] == number && (u32)numbers_of(&as_one)[n + 1] == place) bits |= (u32)numbers_of(&as_one)[n + 2];
    return bits;
}

#endif
