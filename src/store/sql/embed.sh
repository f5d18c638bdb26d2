#!/bin/sh
# Writes C on standard output: the migrations given as NNNN_name.sql, in order, as byte arrays.
# Bytes, not string literals: C17 promises no more than 4,095 characters in one.
set -eu
printf '/* made by src/store/sql/embed.sh */\n#include "store/store_engine.h"\n'
for file in "$@"; do
    name=$(basename "$file" .sql)
    printf 'static const char sql_%s[] = {' "$name"
    od -An -v -tu1 "$file" | sed 's/  *\([0-9][0-9]*\)/(char)\1,/g'
    printf '0};\n'
done
printf 'const struct store_migration store_migrations[] = {\n'
for file in "$@"; do
    name=$(basename "$file" .sql)
    version=$(printf '%s' "$name" | sed 's/^0*\([0-9]*\)_.*/\1/')
    printf '{%s, "%s", sql_%s},\n' "$version" "$name" "$name"
done
printf '};\nconst size_t store_migration_count = %s;\n' $#
