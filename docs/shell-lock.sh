#!/usr/bin/env bash
# A bike lock in shell; docs/locks.md explains every message. Needs bash, mosquitto-clients and openssl, on Linux.
#   npm run --silent provision -- --id shell-lock-1 > lock.env
#   set -a; . ./lock.env; bash docs/shell-lock.sh       # Enter pushes the lever: the bolt closes
set -u
flash=${FLASH_FILE:-$LOCK_ID.flash} q=0 sub=''
read -r boot counter last result bolt 2> /dev/null < "$flash" ||
  boot=$(((RANDOM % 255 + 1) << 24)) counter=0 last=none result=none bolt=locked
boot=$((boot + 1)) result=${result/acc/fail} # a command that a restart cut short has failed
keep() { echo "$boot $counter $last $result $bolt" > "$flash.new" && sync "$flash.new" && mv "$flash.new" "$flash"; }
ticks() { local now _; read -r now _ < /proc/uptime && echo $((10#${now/./})); }
started=$(ticks)
uptime() { echo $((($(ticks) - started) * 10)); }
mqtt() { "$@" -h "${MQTT_HOST:-127.0.0.1}" -p "${MQTT_PORT:-1883}" -i "$LOCK_ID" -u "$LOCK_ID" -P "$MQTT_PASSWORD" -q 1; }
say() { # KIND FIELDS: one record, repeated with the same b and q until the broker says that it is stored
  local record="{\"v\":1,\"b\":$boot,\"q\":$((++q)),\"u\":$(uptime),\"t\":0,\"tq\":0,$2}"
  if [ -n "$sub" ]; then kill "$sub" && wait "$sub"; sub=''; fi 2> /dev/null # a second connection would end the first
  until mqtt mosquitto_pub -t "bss/v1/up/$LOCK_ID/$1" -m "$record"; do sleep 2; done; }
reason() { [ "$result" = fail ] && echo interrupted || echo ok; }
hello() {
  local res=''
  [ "$result" = none ] || res="{\"id\":\"$last\",\"st\":\"$result\",\"rc\":\"$(reason)\",\"u\":0}"
  say hello "\"sid\":\"$(openssl rand -hex 8)\",\"fw\":\"shell-1\",\"hw\":\"bash\",\"rr\":\"power\",\"ctr\":$counter,\"res\":[$res],\"bolt\":\"$bolt\",\"soc\":100,\"kv\":$KEY_VERSION"; }
ack() { say ack "\"id\":\"$id\",\"c\":$c,\"st\":\"$1\",\"rc\":\"$2\",\"bolt\":\"$bolt\""; }
moved() { local from=$bolt; bolt=$1; keep; say evt "\"k\":\"bolt\",\"from\":\"$from\",\"to\":\"$1\",$2"; }
field() { sed -nE "s/.*\"$1\":\"?([^,\"}]*).*/\1/p" <<< "$message"; }
mac() { printf 'bss1/cmd\n%s\n%s\n%s\n%s\n%s\n%s\n{}' "$LOCK_ID" "$id" "$op" "$c" "$b" "$dl" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$COMMAND_KEY_HEX" -binary | head -c 16 | openssl base64 | tr '+/' '-_' | tr -d '='; }
obey() {
  id=$(field id) op=$(field op) c=$(field c) b=$(field b) dl=$(field dl)
  if [ "$(mac)" != "$(field m)" ]; then return; fi # forged or damaged: silence
  if [ "$id $c" = "$last $counter" ]; then ack "$result" "$(reason)" # known: the same answer, no second act
  elif [ "$b" != "$boot" ]; then ack rej stale_boot
  elif [ "$(uptime)" -gt "$dl" ]; then ack rej expired
  elif [ "$c" -le "$counter" ]; then ack rej replay
  else
    counter=$c last=$id result=acc && keep && ack acc ok # on disk before the bolt may move
    if [ "$op" = unlock ]; then moved unlocked "\"by\":\"cmd\",\"cid\":\"$id\""; fi
    result='done' && keep && ack 'done' ok
  fi; }
inbox=$(mktemp -u) && mkfifo "$inbox" && exec 3<&0 4<> "$inbox" && rm "$inbox"
while read -r _ <&3; do echo lever; done >&4 &
trap 'kill $! $sub 2> /dev/null' EXIT
keep && hello
while :; do
  if ! kill -0 $sub 2> /dev/null; then mqtt exec mosquitto_sub -t "bss/v1/dn/$LOCK_ID/+" >&4 & sub=$! quiet=0; fi
  if ! read -r -t 5 message <&4; then
    [ $((quiet += 1)) -lt 12 ] && continue
    message='"req":1' # a quiet minute: a sign of life, and the subscription anew
  fi
  case $message in
    lever) if [ "$bolt" = unlocked ]; then moved locked '"by":"hand"'; fi ;;
    *'"op":'*) obey ;;
    *'"req":1'*) hello ;;
  esac
done
