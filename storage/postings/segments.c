/* Segments of the search index: made of the tokens of some articles, and several made one. See `pages.h`. */
#include "pages.h"

/* A page lies whole in one of 8,192 bytes of either database. */
enum { PAGE_BYTES = 7980, MOST_TOGETHER = 64, LINES = 64, MOST_BY_LINE = 8, LONGEST_PLACES = 5 + 9 };

/* What is written: for each page how many bytes it has (4), its first token with its length before it, and it. Nothing
 * else takes room meanwhile, so `out` grows in its place. */
static u8 *out;
static u32 written, room, page, page_from; /* where the page's head and its entries begin; none is open at NOBODY */
static u8 last[LONGEST_TOKEN + 8];            /* the token before, in this page */
static u32 last_length;

static u8 list[PAGE_BYTES + LONGEST_PLACES + 8]; /* of the token that is being written */
static u32 list_bytes, listed, shared;
static i32 most_bytes; /* of its list, for which there is room in this page; maybe below 0 */
static const u8 *token;
static u32 token_length;

static void begin_pages(void) {
    room = 1 << 16;
    out = (u8 *)take(room);
    written = 0;
    page = NOBODY;
}

static u32 put_varint(u8 *to, u32 value) {
    u32 bytes = 0;
    for (; value > 127; value >>= 7) to[bytes++] = (u8)(value | 128);
    to[bytes++] = (u8)value;
    return bytes;
}

static void end_page(void) {
    if (page == NOBODY) return;
    u32 bytes = written - page_from;
    copy(out + page, &bytes, 4);
    page = NOBODY;
}

/* How many bytes are the same from the beginning on, of up to 16 that may be read of each. */
static inline u32 alike(const u8 *one, const u8 *other, u32 most) {
    u32 at = 0;
    for (; at < most; at += 8) {
        u64 differ = some_bytes(one + at) ^ some_bytes(other + at);
        if (differ) {
            at += (u32)__builtin_ctzll(differ) / 8;
            break;
        }
    }
    return at < most ? at : most;
}

static void begin_entry(void) {
    u32 before = 0;
    list_bytes = 0;
    listed = NOBODY;
    shared = 0;
    if (page != NOBODY) {
        u32 most = token_length < last_length ? token_length : last_length;
        if (most > MANY) most = MANY;
        shared = alike(token, last, most);
        before = written - page_from;
    }
    most_bytes = PAGE_BYTES - 4 - 5 - (i32)(before + token_length - shared);
}

static void begin_token(const u8 *of, u32 length) {
    token = of;
    token_length = length;
    begin_entry();
}

static void end_entry(void) {
    if (!list_bytes) return;
    if (page == NOBODY) {
        while (written + 2 * PAGE_BYTES > room) {
            take(room);
            room *= 2;
        }
        page = written;
        written += 4;
        out[written++] = (u8)token_length;
        copy_short(out + written, token, token_length);
        page_from = written += token_length;
    }
    u32 own = token_length - shared;
    out[written++] = (u8)(shared << 4 | (own < MANY ? own : MANY));
    if (own >= MANY) out[written++] = (u8)own;
    copy_short(out + written, token + shared, own);
    written += own;
    written += put_varint(out + written, list_bytes);
    copy_short(out + written, list, list_bytes);
    written += list_bytes;
    copy_short(last, token, token_length);
    last_length = token_length;
}

/* Add an article to the token's list; articles come in their order. */
static inline void add_article(u32 article, const u8 *lines, u32 bytes) {
    if ((i32)(list_bytes + bytes) > most_bytes) {
        end_entry();
        end_page();
        begin_entry();
    }
    list_bytes += put_varint(list + list_bytes, article - listed - 1);
    copy_short(list + list_bytes, lines, bytes);
    list_bytes += bytes;
    listed = article;
}

/* Where the pages begin, and of how many bytes they are. */
static u32 said(void) {
    static u32 place[2];
    end_page();
    place[0] = (u32)out, place[1] = written;
    return (u32)place;
}

typedef struct {
    u64 key;
    u32 start, length;  /* in the text */
    u32 count, latest; /* of its places */
} Token;

/* What tokens are put in order by: WORD bytes of one as a number, and behind them, in ID_BITS, which one it is. */
enum { WORD = 5, ID_BITS = 24, FEW = 48 };
#define ID ((1u << ID_BITS) - 1)

static const u8 *text;
static Token *tokens;

/* Put a few numbers in order. */
static void insert(u64 *some, u32 count) {
    for (u32 each = 1; each < count; each++) {
        u64 one = some[each];
        u32 at = each;
        for (; at && some[at - 1] > one; at--) some[at] = some[at - 1];
        some[at] = one;
    }
}

/* Put many in order by their words, a byte after the other, the last one first. `spare` has as much room. */
static void distribute(u64 *some, u64 *spare, u32 count) {
    static u32 places[WORD][256];
    u64 *order = some;
    fill(places, 0, sizeof places);
    for (u32 each = 0; each < count; each++)
        for (u32 byte = 0; byte < WORD; byte++) places[byte][some[each] >> (ID_BITS + 8 * byte) & 255]++;
    for (u32 byte = 0; byte < WORD; byte++) {
        u32 *of = places[byte], place = 0, shift = ID_BITS + 8 * byte;
        if (of[order[0] >> shift & 255] == count) continue; /* all have the same */
        for (u32 value = 0; value < 256; value++) {
            u32 having = of[value];
            of[value] = place, place += having;
        }
        for (u32 each = 0; each < count; each++) spare[of[order[each] >> shift & 255]++] = order[each];
        u64 *other = order;
        order = spare, spare = other;
    }
    if (order != some) copy(some, order, count * (u32)sizeof(u64));
}

/* Put tokens in order that are alike up to a byte; no two are the same. Numbers are compared, not tokens: these lie
 * all over the memory. */
static void sort(u64 *some, u64 *spare, u32 count, u32 from) {
    for (u32 each = 0; each < count; each++) {
        u32 id = (u32)some[each] & ID;
        const Token *one = tokens + id;
        u64 key = from ? key_of(text + one->start + from, one->length > from ? one->length - from : 0) : one->key;
        some[each] = key >> ID_BITS << ID_BITS | id;
    }
    if (count <= FEW) insert(some, count);
    else distribute(some, spare, count);
    for (u32 each = 0, to; each < count; each = to) {
        for (to = each + 1; to < count && some[to] >> ID_BITS == some[each] >> ID_BITS;) to++;
        if (to - each > 1) sort(some + each, spare, to - each, from + WORD);
    }
}

static u32 encoded(u8 *to, u64 lines) {
    u32 count = (u32)__builtin_popcountll(lines), bytes = 0;
    if (count > MOST_BY_LINE) {
        to[0] = SET;
        copy(to + 1, &lines, 8);
        return 9;
    }
    for (; lines; lines &= lines - 1) to[bytes++] = (u8)(__builtin_ctzll(lines) | MORE);
    to[bytes - 1] &= MORE - 1;
    return bytes;
}

static void write_token(const Token *of, const u32 *places, u32 count) {
    u8 lines[9];
    begin_token(text + of->start, of->length);
    for (u32 at = 0; at < count;) {
        u32 article = places[at] / LINES;
        u64 set = 0;
        for (; at < count && places[at] / LINES == article; at++) set |= 1ull << places[at] % LINES;
        add_article(article, lines, encoded(lines, set));
    }
    end_entry();
}

/* Where a token ends: at the first byte that parts tokens. */
static inline u32 token_end(u32 from, u32 bytes) {
    const u64 each = 0x0101010101010101ull;
    for (u32 to = from; to < bytes; to += 8) {
        u64 some = some_bytes(text + to), parts = (some - each * (' ' + 1)) & ~some & each << 7;
        if (parts) {
            to += (u32)__builtin_ctzll(parts) / 8;
            return to < bytes ? to : bytes;
        }
    }
    return bytes;
}

/* Whether tokens of more than 8 bytes are the same, of which the first 8 are. */
static inline u32 is_same(const u8 *one, const u8 *other, u32 length) {
    for (u32 at = 8; at + 8 < length; at += 8)
        if (some_bytes(one + at) != some_bytes(other + at)) return 0;
    return some_bytes(one + length - 8) == some_bytes(other + length - 8);
}

/* Make a segment of the articles' tokens, from an address on. Tokens are parted by a space, lines by a line feed; a NUL
 * stands behind each article. Returns where `said` says; all of it holds until the next call. */
EXPORT u32 build(u32 at, u32 bytes) {
    u32 before = mark(), most = 1, size = 64;
    text = (const u8 *)at;
    for (u32 each = 0; each < bytes; each++) most += text[each] <= ' '; /* there are no more tokens than what parts them */
    while (size < most) size *= 2;
    tokens = (Token *)take(most * (u32)sizeof(Token));
    u32 *slots = (u32 *)take(4 * size), *ids = (u32 *)take(4 * most), *places = (u32 *)take(4 * most);
    fill(slots, 0, 4 * size);
    u32 count = 0, found = 0, article = 0, line = 0;
    for (u32 from = 0; from < bytes;) {
        u32 to = token_end(from, bytes), length = to - from < LONGEST_TOKEN ? to - from : LONGEST_TOKEN;
        if (length) {
            u64 key = key_of(text + from, length), end = length > 8 ? some_bytes(text + from + length - 8) : 0;
            u64 hash = (key ^ (end << 23 | end >> 41)) * 0x9E3779B97F4A7C15ull;
            u32 id = 0, place = article * LINES + line % LINES;
            for (u32 slot = (u32)(hash >> 32);; slot++) {
                u32 *there = slots + (slot & (size - 1));
                id = *there - 1;
                if (!*there) {
                    id = count++;
                    *there = count;
                    tokens[id] = (Token){key, from, length, 0, NOBODY};
                    break;
                }
                const Token *other = tokens + id;
                if (other->key != key || other->length != length) continue;
                if (length <= 8 || is_same(text + other->start, text + from, length)) break;
            }
            if (tokens[id].latest != place) {
                tokens[id].latest = place, tokens[id].count++;
                ids[found] = id, places[found++] = place;
            }
        }
        if (to < bytes && text[to] == '\n') line++;
        if (to < bytes && !text[to]) article++, line = 0;
        from = to + 1;
    }
    if (count > ID) __builtin_trap();
    u64 *order = (u64 *)take(count * (u32)sizeof(u64)), *spare = (u64 *)take(count * (u32)sizeof(u64));
    u32 *by_token = (u32 *)take(4 * found), end = 0;
    for (u32 id = 0; id < count; id++) {
        order[id] = id;
        tokens[id].latest = end, end += tokens[id].count; /* from here on: where its next place goes */
    }
    sort(order, spare, count, 0);
    for (u32 each = 0; each < found; each++) by_token[tokens[ids[each]].latest++] = places[each];
    begin_pages();
    for (u32 each = 0; each < count; each++) {
        const Token *one = tokens + (order[each] & ID);
        write_token(one, by_token + one->latest - one->count, one->count);
    }
    release(before);
    return said();
}

typedef struct {
    Entries entries;
    List list;
    const u32 *becomes; /* the numbers of its articles in what is made; NOBODY for those that are gone */
    u32 articles, number;
} Input;

typedef i64 Two __attribute__((vector_size(16)));

static Input inputs[MOST_TOGETHER];
static Two keys[MOST_TOGETHER / 2]; /* of the token at which each input is, as they are compared with a sign; or AT_END */
enum { AT_END = 0x7FFFFFFFFFFFFFFFll }; /* no letter begins with such bytes */

/* Go to the next token of an input; whether there is one. */
static inline u32 go_on(u32 each) {
    Entries *entries = &inputs[each].entries;
    u32 is_left = next_entry(entries);
    ((i64 *)keys)[each] = is_left ? (i64)(entries->key ^ 1ull << 63) : AT_END;
    return is_left;
}

/* Go to the next article of an input's list that is still there. */
static inline u32 step(const Input *input, List *list) {
    while (next_article(list)) {
        if (list->article >= input->articles) __builtin_trap();
        u32 number = input->becomes[list->article];
        if (number != NOBODY) return number;
    }
    return NOBODY;
}

/* Write the articles that one input has of the token. */
static void copy_list(const Input *input) {
    List list = list_of(input->entries.list, input->entries.list_end);
    for (u32 number; (number = step(input, &list)) != NOBODY;) add_article(number, list.lines, (u32)(list.at - list.lines));
}

/* Put an input that has moved on where it belongs among those behind it, which are in order. */
static void sift(Input **some, u32 count) {
    Input *moved = some[0];
    u32 at = 0;
    for (; at + 1 < count && some[at + 1]->number < moved->number; at++) some[at] = some[at + 1];
    some[at] = moved;
}

/* Write the articles that several inputs have of the token. */
static void merge_lists(u64 having) {
    Input *some[MOST_TOGETHER];
    u32 at = MOST_TOGETHER;
    for (; having;) {
        u32 each = 63 - (u32)__builtin_clzll(having);
        having ^= 1ull << each;
        Input *input = inputs + each;
        input->list = list_of(input->entries.list, input->entries.list_end);
        input->number = step(input, &input->list);
        if (input->number == NOBODY) continue;
        some[--at] = input;
        sift(some + at, MOST_TOGETHER - at); /* mostly they are in order: later ones have later articles */
    }
    while (at < MOST_TOGETHER) {
        Input *first = some[at];
        List list = first->list;
        u32 number = first->number, until = at + 1 < MOST_TOGETHER ? some[at + 1]->number : NOBODY;
        do {
            add_article(number, list.lines, (u32)(list.at - list.lines));
            number = step(first, &list);
        } while (number < until);
        if (number == NOBODY) {
            at++;
            continue;
        }
        first->list = list;
        first->number = number;
        sift(some + at, MOST_TOGETHER - at);
    }
}

/* Of inputs whose tokens begin alike, those with the first token. */
static u64 with_first(u64 alike) {
    u64 having = 0;
    const Entries *first = 0;
    for (; alike; alike &= alike - 1) {
        const Entries *other = &inputs[__builtin_ctzll(alike)].entries;
        i32 is = first ? compared(other->token, other->length, first->token, first->length) : -1;
        if (is < 0) having = 0, first = other;
        if (is <= 0) having |= alike & -alike;
    }
    return having;
}

static Two smaller(Two one, Two other) {
    Two is = one < other;
    return (one & is) | (other & ~is);
}

/* Which inputs are at the first token of all; 0 when none is left. There are at least two pairs, and an even number: two
 * chains of comparisons run beside each other, and none of them is a branch, which would be guessed wrongly. */
static u64 having_first(u32 pairs) {
    Two least = keys[0], other = keys[1], bits = {1, 2}, alike = {0, 0};
    for (u32 pair = 2; pair < pairs; pair += 2) {
        least = smaller(least, keys[pair]);
        other = smaller(other, keys[pair + 1]);
    }
    least = smaller(least, other);
    i64 key = least[0] < least[1] ? least[0] : least[1];
    if (key == AT_END) return 0;
    least = (Two){key, key};
    for (u32 pair = 0; pair < pairs; pair++, bits <<= 2) alike |= (keys[pair] == least) & bits;
    u64 having = (u64)(alike[0] | alike[1]);
    return having & (having - 1) && key & 255 ? with_first(having) : having; /* of up to 7 letters it is the same one */
}

static i32 stands(const Entries *one, const u8 *other, u32 length, u64 key) {
    if (one->key != key) return one->key < key ? -1 : 1;
    return compared(one->token, one->length, other, length);
}

/* Make one segment of several, of tokens from one on and before another, which is NOBODY bytes long if there is none.
 * From an address on: both tokens, where they are and of how many bytes; of how many segments, and for each: where its
 * pages lie one after the other, of how many bytes they are, where it says which numbers its articles get, how many it
 * has. Within each segment these grow. Returns where `said` says; all of it holds until the next call. */
EXPORT u32 merge(u32 at) {
    const u32 *given = (const u32 *)at;
    const u8 *from = (const u8 *)given[0], *until = (const u8 *)given[2];
    u32 from_length = given[1], until_length = given[3], count = given[4], before = mark();
    u64 from_key = key_of(from, from_length), until_key = until_length == NOBODY ? ~0ull : key_of(until, until_length);
    if (count > MOST_TOGETHER) __builtin_trap();
    given += 5;
    for (u32 each = 0; each < count; each++, given += 4) {
        Input *input = inputs + each;
        input->entries.at = (const u8 *)given[0], input->entries.end = input->entries.at + given[1];
        input->becomes = (const u32 *)given[2], input->articles = given[3];
        while (go_on(each) && stands(&input->entries, from, from_length, from_key) < 0) {}
    }
    u32 pairs = count ? (count + 3) / 4 * 2 : 2;
    for (u32 each = count; each < 2 * pairs; each++) ((i64 *)keys)[each] = AT_END;
    begin_pages();
    for (u64 having; (having = having_first(pairs));) {
        const Entries *first = &inputs[__builtin_ctzll(having)].entries;
        if (first->key >= until_key && stands(first, until, until_length, until_key) >= 0) break;
        begin_token(first->token, first->length);
        if (having & (having - 1)) merge_lists(having);
        else copy_list(inputs + __builtin_ctzll(having));
        end_entry();
        for (; having; having &= having - 1) go_on((u32)__builtin_ctzll(having));
    }
    release(before);
    return said();
}
