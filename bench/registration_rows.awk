# N rows of a registration file of one insurer: P, Q and C of each member, every 10th with an L.
# Every 500th certificate has a day that is none. Prints rows; people are invented.
# usage: awk -v rows=N -f registration_rows.awk
function digit(body,    i, sum, n, weight, rest) {
    sum = 0
    for (n = 1; n <= 11; n++) {
        weight = n <= 6 ? n + 1 : n - 5
        sum += substr(body, 12 - n, 1) * weight
    }
    rest = sum % 11
    return rest <= 1 ? 0 : 11 - rest
}
BEGIN {
    split("佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤", family, " ")
    split("ｻﾄｳ ｽｽﾞｷ ﾀｶﾊｼ ﾀﾅｶ ｲﾄｳ ﾜﾀﾅﾍﾞ ﾔﾏﾓﾄ ﾅｶﾑﾗ ｺﾊﾞﾔｼ ｶﾄｳ", family_kana, " ")
    split("一郎 花子 次郎 桃子 太郎 梅子 健 恵 誠 幸", given, " ")
    split("ｲﾁﾛｳ ﾊﾅｺ ｼﾞﾛｳ ﾓﾓｺ ﾀﾛｳ ｳﾒｺ ｹﾝ ﾒｸﾞﾐ ﾏｺﾄ ﾕｷ", given_kana, " ")
    for (person = 0; written < rows; person++) {
        # a permutation, so that numbers come in no order
        body = sprintf("%011.0f", (person * 7919 + 13) % 99999989)
        a = person % 10 + 1
        b = int(person / 10) % 10 + 1
        name = family[a] "　" given[b]
        birth = sprintf("%04d%02d%02d", 1958 + person % 60, 1 + person % 12, 1 + person % 28)
        printf "P,N,%d,,,%s%d,%s,%s %s,,,%d,,%s,100-%04d,架空県見本市想定町%d－%d,1,\n", person, body,
            digit(body), name, family_kana[a], given_kana[b], 2 - b % 2, birth, person % 10000,
            person % 5000, person % 97
        if (++written == rows)
            break
        printf "Q,N,%d,,,%d,%d,00,1,%s,20200401,,,,\n", person, 1000 + person % 3000, person, name
        if (++written == rows)
            break
        printf "C,N,%d,,,,20251101,20251202,%s,\n", person,
            person % 500 == 499 ? "20300230" : "20301201"
        if (++written == rows)
            break
        if (person % 10 == 0) {
            printf "L,N,%d,,,01,A03,20260801,20260801,20270731,\n", person
            written++
        }
    }
}
