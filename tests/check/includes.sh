#!/bin/sh
# Arrows point one way: a folder of src/ includes only what stands in its row.
cd "${SHIKAKU_ROOT:-.}" || exit 1
echo 1..1
find src -name '*.[ch]' -print0 | xargs -0 awk '
    BEGIN {
        row["base"] = "base"
        row["net"] = "base net"
        row["domain"] = "base domain"
        row["format"] = "base domain format"
        row["store"] = "base domain store"
        row["batch"] = "base domain store journal batch"
        row["journal"] = "base domain journal"
        row["proof"] = "base net domain proof"
        row["register"] = "base net domain store register"
        row["resident"] = "base net domain register resident"
        row["insurer"] = "base domain format store proof batch register insurer"
        row["spool"] = "base domain journal spool"
        row["service"] = "base net domain format store journal proof service"
        row["http"] = row["service"] " spool http"
        row["card"] = "base domain card"
        row["issuance"] = "base net domain format proof card issuance"
        row["sending"] = "base net domain format proof sending"
        row["terminal"] = "base net domain format proof card terminal"
        row["world"] = "base domain format store proof card issuance register resident world"
        row["simulation"] = "base domain store batch world simulation"
        row["command"] = row["http"] " batch register insurer resident card issuance sending terminal world simulation command"
    }
    /^#include "[a-z_]+\// {
        split(FILENAME, from, "/")
        split($2, to, /["\/]/)
        if (index(" " row[from[2]] " ", " " to[2] " ") == 0)
            wrong = wrong "# " FILENAME " includes " to[2] "/\n"
    }
    END {
        print (wrong ? "not ok" : "ok") " 1 - includes follow the arrows"
        printf "%s", wrong
        exit wrong != ""
    }'
