#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: up
# shellcheck disable=SC2016 # $ is of the filters
#
# Real programs behind the balancer and in front of it: nginx, curl, ab, HAProxy,
# iperf3; and as many servers as make the hash of mh tell.
#
#   $CL eth0 192.0.2.10 ---- eth0 192.0.2.1    $LB   eth1 198.51.100.1 ---- eth0 $SV
#                                 192.0.2.100 (VIP)        198.51.100.11 to .13 nginx
#                                                              .21 and .22 HAProxy
#                                                              .101 to .200 lbt

# HAK_REQUESTS: how many connections are shared out (10000).

# shellcheck disable=SC2034,SC2086,SC2119,SC2317 # cases are called by name; $VIP is one word
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-300}
LBT=$HAK_TOOLS/lbt
VIP=192.0.2.100
ALL_CASES="weights closed_and_kept drained download haproxy_in_front haproxy_behind
	iperf_tcp iperf_udp mh_100_servers"

setup() {
	need nginx curl ab haproxy iperf3
	mod_load
	ns_create CL LB SV
	ip -n "$CL" link add eth0 address $MC type veth peer name eth0 netns "$LB" address $M1
	ip -n "$SV" link add eth0 address $M2 type veth peer name eth1 netns "$LB" \
		address 00:00:5e:00:53:21
	ip -n "$CL" link set eth0 up
	ip -n "$LB" link set eth0 up
	ip -n "$LB" link set eth1 up
	ip -n "$SV" link set eth0 up
	ip -n "$CL" addr add 192.0.2.10/24 dev eth0
	ip -n "$LB" addr add 192.0.2.1/24 dev eth0
	ip -n "$LB" addr add $VIP/32 dev eth0
	ip -n "$LB" addr add 198.51.100.1/24 dev eth1
	on "$LB" sysctl -qw net.ipv4.ip_forward=0
	seq -f 'addr add 198.51.100.%g/24 dev eth0' 11 13 >"$HAK_TMP/batch"
	seq -f 'addr add 198.51.100.%g/24 dev eth0' 21 22 >>"$HAK_TMP/batch"
	seq -f 'addr add 198.51.100.%g/24 dev eth0' 101 200 >>"$HAK_TMP/batch"
	ip -n "$SV" -batch "$HAK_TMP/batch"
	ip -n "$SV" route add default via 198.51.100.1
	head -c 33554432 /dev/urandom >"$HAK_TMP/big"
	nginx_conf >"$HAK_TMP/nginx.conf"
	on "$SV" nginx -e "$HAK_TMP/nginx.err" -c "$HAK_TMP/nginx.conf" >/dev/null 2>&1 &
	wait_for 20 listening "$SV" 80 || fail "nginx: $(tail -n 3 "$HAK_TMP/nginx.err")"
}

teardown() {
	ns_destroy "$CL" "$LB" "$SV"
	mod_load
}

# Three servers that answer with their names, each with a log of its own.
nginx_conf() {
	local n kind
	cat <<-EOF
		daemon off;
		master_process off;
		pid $HAK_TMP/nginx.pid;
		error_log $HAK_TMP/nginx.err;
		events { worker_connections 1024; }
		http {
			log_format short \$remote_addr;
			sendfile on;
			keepalive_requests 100000;
	EOF
	for kind in client_body proxy fastcgi uwsgi scgi; do
		echo "${kind}_temp_path $HAK_TMP/nginx.tmp;"
	done
	for n in 1 2 3; do
		cat <<-EOF
			server {
				listen 198.51.100.1$n:80;
				access_log $HAK_TMP/s$n.log short;
				location / { return 200 "s$n\n"; }
				location = /big { root $HAK_TMP; }
			}
		EOF
	done
	echo "}"
}

listening() { [ -n "$(on "$1" ss -Hltn sport = ":$2")" ]; }

# pool WORDS...: the three nginx of weight 1, 2 and 3
pool() {
	local n
	adm_flush "$LB"	# of a case that failed
	adm_ok "$LB" pool add web "$@"
	for n in 1 2 3; do
		adm_ok "$LB" server add "198.51.100.1$n" pool web weight $n
	done
	adm_ok "$LB" service add tcp $VIP:80 pool web
	for n in 1 2 3; do
		: >"$HAK_TMP/s$n.log"
	done
}

# asked N: how many requests server N has answered
asked() { wc -l <"$HAK_TMP/s$1.log"; }

# asked_all N: of the three together
asked_all() { [ $(($(asked 1) + $(asked 2) + $(asked 3))) = "$1" ]; }

# near WHAT GOT WANTED: within 2 %
near() {
	check_ge "$1" "$2" "$(($3 * 98 / 100))"
	check_le "$1" "$2" "$(($3 * 102 / 100))"
}

# shared N: requests, by the logs
shared() {
	wait_for 5 asked_all "$1"
	note "s1 $(asked 1) s2 $(asked 2) s3 $(asked 3)"
	check "requests" asked_all "$1"
	near "s1" "$(asked 1)" $(($1 / 6))
	near "s2" "$(asked 2)" $(($1 / 3))
	near "s3" "$(asked 3)" $(($1 / 2))
}

# bench N CLIENTS URL [OPTION...]: ab; every request is answered, and well
bench() {
	local n=$1 clients=$2 url=$3
	shift 3
	on "$CL" ab -q -n "$n" -c "$clients" "$@" "$url" >"$HAK_TMP/ab" 2>&1 ||
		fail "ab: $(tail -n 3 "$HAK_TMP/ab")"
	check_eq "complete" "$(sed -n 's/^Complete requests: *//p' "$HAK_TMP/ab")" "$n"
	check_eq "failed" "$(sed -n 's/^Failed requests: *//p' "$HAK_TMP/ab")" 0
	check_not "other answers" grep -q '^Non-2xx' "$HAK_TMP/ab"
	note "$(grep '^Requests per second' "$HAK_TMP/ab")"
}

# resets NS: sent by it
resets() { on "$1" nstat -asz TcpOutRsts | awk '/OutRsts/ { print $2 }'; }

# wrong_sums: at both ends
wrong_sums() {
	local ns
	for ns in "$CL" "$SV"; do
		on "$ns" nstat -asz TcpInCsumErrors UdpInCsumErrors
	done | awk '/InCsum/ { n += $2 } END { print n + 0 }'
}

weights() {
	local n=${HAK_REQUESTS:-10000}
	pool
	bench "$n" 8 http://$VIP/
	shared "$n"
	check_eq "resets by the balancer" "$(resets "$LB")" 0
	adm_flush "$LB"
}

# urls N: for curl, to standard input
urls() {
	local i
	for ((i = 0; i < $1; i++)); do
		printf 'url = "http://%s/"\n' $VIP
	done
}

# One connection has one server, each new one the next.
closed_and_kept() {
	local kept closed
	pool
	kept=$(urls 60 | on "$CL" curl -s -w 'connects %{num_connects}\n' -K - | sort | uniq -c)
	note $kept
	check_eq "kept: a server" "$(grep -c ' s[123]$' <<<"$kept")" 1
	check_eq "kept: answers" "$(awk '/ s[123]$/ { n += $1 } END { print n }' <<<"$kept")" 60
	check_eq "kept: connections" "$(awk '/ connects 1$/ { print $1 }' <<<"$kept")" 1
	closed=$(urls 60 | on "$CL" curl -s -H 'Connection: close' -K - | sort | uniq -c | xargs)
	check_eq "closed" "$closed" "10 s1 20 s2 30 s3"
	bench 2000 6 http://$VIP/ -k
	check_eq "kept by ab" "$(sed -n 's/^Keep-Alive requests: *//p' "$HAK_TMP/ab")" 2000
	adm_flush "$LB"
}

# A connection that is kept stays where it is when its server gets no new ones.
drained() {
	local i
	pool scheduler rr
	mkfifo "$HAK_TMP/go"
	on "$CL" python3 - >"$HAK_TMP/kept" 2>&1 <<-EOF &
		import http.client
		cs = [http.client.HTTPConnection("$VIP", timeout=10) for i in range(6)]
		def ask(c):
		    c.request("GET", "/")
		    return c.getresponse().read()
		first = [ask(c) for c in cs]
		print("asked", flush=True)
		open("$HAK_TMP/go").read()
		assert sorted(first) == [b"s1\n"] * 2 + [b"s2\n"] * 2 + [b"s3\n"] * 2, first
		assert [ask(c) for c in cs] == first, first
		print("same", flush=True)
	EOF
	i=$!
	wait_for 30 grep -q asked "$HAK_TMP/kept" || fail "$(tail -n 1 "$HAK_TMP/kept")"
	adm_ok "$LB" server set 198.51.100.11 pool web state drain
	adm_ok "$LB" server report 198.51.100.12 pool web down reason "http 503"
	check_eq "new ones" "$(urls 6 | on "$CL" curl -s -H 'Connection: close' -K - | uniq)" s3
	echo >"$HAK_TMP/go"
	wait $i || fail "$(tail -n 1 "$HAK_TMP/kept")"
	adm_flush "$LB"
}

download() {
	local want got before
	pool scheduler rr
	want=$(sha256sum <"$HAK_TMP/big")
	before=$(resets "$CL")
	for _ in 1 2 3; do
		got=$(on "$CL" curl -sS --max-time 100 http://$VIP/big | sha256sum)
		check_eq "32 MB" "$got" "$want"
	done
	wait_for 5 asked_all 3
	check_eq "one of each" "$(asked 1) $(asked 2) $(asked 3)" "1 1 1"
	check_eq "resets" "$(($(resets "$CL") - before)) $(resets "$LB")" "0 0"
	check_eq "wrong checksums" "$(wrong_sums)" 0
	adm_flush "$LB"
}

# haproxy NS PORT: standard input is its configuration, without the defaults
haproxy_run() {
	{
		printf 'global\n nbthread 1\n maxconn 500\ndefaults\n mode http\n'
		printf ' timeout connect 5s\n timeout client 10s\n timeout server 10s\n'
		cat
	} >"$HAK_TMP/haproxy.cfg"
	on "$1" haproxy -db -f "$HAK_TMP/haproxy.cfg" >"$HAK_TMP/haproxy.log" 2>&1 &
	wait_for 10 listening "$1" "$2" || fail "haproxy: $(tail -n 3 "$HAK_TMP/haproxy.log")"
}

# Its server is our service: it sees one address that shares out what it sends.
haproxy_in_front() {
	pool
	haproxy_run "$CL" 8080 <<-EOF
		listen web
		 bind 127.0.0.1:8080
		 option httpclose
		 server hak $VIP:80
	EOF
	bench 600 4 http://127.0.0.1:8080/
	shared 600
	adm_flush "$LB"
}

# It is told the client's address, and has nginx behind it in turn.
haproxy_behind() {
	local a n
	adm_flush "$LB"
	haproxy_run "$SV" 8080 <<-EOF
		frontend h1
		 bind 198.51.100.21:8080
		 http-request return status 200 content-type text/plain lf-string "h1 %[src]\n"
		frontend h2
		 bind 198.51.100.22:8080
		 default_backend web
		backend web
		 server s1 198.51.100.11:80
	EOF
	adm_ok "$LB" pool add ha scheduler rr
	for n in 1 2; do
		adm_ok "$LB" server add 198.51.100.2$n:8080 pool ha
	done
	adm_ok "$LB" service add tcp $VIP:80 pool ha
	a=$(urls 20 | on "$CL" curl -s -H 'Connection: close' -K - | sort | uniq -c | xargs)
	check_eq "answers" "$a" "10 h1 192.0.2.10 10 s1"
	adm_flush "$LB"
}

# iperf OPTION...: one run; its report in $HAK_TMP/iperf
iperf() {
	on "$CL" iperf3 -J -c $VIP "$@" >"$HAK_TMP/iperf" 2>&1 ||
		fail "iperf3 $*: $(gojq -r .error "$HAK_TMP/iperf" 2>/dev/null)"
	note "$*: $(gojq -c '.end | (.sum_received // .sum) as $r |
		{ mbit: ($r.bits_per_second / 1e6 | round), mbytes: ($r.bytes / 1e6 | round),
		  lost: .sum.lost_percent }' "$HAK_TMP/iperf")"
}

# Its connections, also those of UDP, belong to one server: mh sees to it.
iperf_pool() {
	adm_flush "$LB"
	adm_ok "$LB" pool add i scheduler mh
	adm_ok "$LB" server add 198.51.100.11 pool i
	adm_ok "$LB" server add 198.51.100.12 pool i
	adm_ok "$LB" service add tcp $VIP:5201 pool i
	adm_ok "$LB" service add udp $VIP:5201 pool i
	on "$SV" iperf3 -s >/dev/null 2>&1 &
	wait_for 10 listening "$SV" 5201 || fail "no iperf3"
}

iperf_end() {
	check_eq "resets by the balancer" "$(resets "$LB")" 0
	check_eq "wrong checksums" "$(wrong_sums)" 0
	adm_flush "$LB"
}

iperf_tcp() {
	local way
	iperf_pool
	for way in "" -R; do
		iperf -t 2 $way
		check_ge "received" "$(gojq .end.sum_received.bytes "$HAK_TMP/iperf")" 1000000
	done
	iperf_end
}

iperf_udp() {
	local way
	iperf_pool
	for way in "" -R; do
		iperf -u -b 20M -l 1200 -n 2400000 $way
		check_ge "packets" "$(gojq .end.sum.packets "$HAK_TMP/iperf")" 1900
		check_le "lost, of 100" "$(gojq .end.sum.lost_percent "$HAK_TMP/iperf")" 50
	done
	iperf_end
}

# Who goes takes nobody with him.
mh_100_servers() {
	local gone=198.51.100.150 n=1000 at stay
	on "$SV" "$LBT" serve - 8000 >/dev/null 2>&1 &
	wait_for 10 listening "$SV" 8000 || fail "the servers did not start"
	{
		echo "pool add big scheduler mh hash-port on"
		seq -f 'server add 198.51.100.%g:8000 pool big' 101 200
		echo "service add tcp $VIP:80 pool big"
	} >"$HAK_TMP/big.conf"
	adm_ok "$LB" load "$HAK_TMP/big.conf" >/dev/null
	on "$CL" "$LBT" map $VIP 80 $n 20000 >"$HAK_TMP/before"
	check_eq "answered" "$(grep -c ' 198.51.100' "$HAK_TMP/before")" $n
	check_ge "servers" "$(cut -d ' ' -f 2 "$HAK_TMP/before" | sort -u | wc -l)" 95
	adm_ok "$LB" server del $gone:8000 pool big
	adm_ok "$LB" conn flush all >/dev/null
	on "$CL" "$LBT" map $VIP 80 $n 20000 >"$HAK_TMP/after"
	check_eq "answered again" "$(grep -c ' 198.51.100' "$HAK_TMP/after")" $n
	at=$(grep -vc " $gone\$" "$HAK_TMP/before")
	stay=$(grep -v " $gone\$" "$HAK_TMP/before" | comm -12 - "$HAK_TMP/after" | wc -l)
	note "$gone had $((n - at)), of the others' $at clients $stay stay"
	check_ge "of 1000 at the others" "$((stay * 1000 / at))" 990
	check_le "clients of who is gone" "$(grep -c " $gone\$" "$HAK_TMP/after")" 0
	adm_flush "$LB"
}

hak_main "${@:-$ALL_CASES}"
