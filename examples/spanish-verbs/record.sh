#!/bin/sh
# Makes the recordings of the deck again. Needs espeak-ng, and sox with MP3 (Debian: libsox-fmt-mp3).
set -eu
cd "$(dirname "$0")"

say() { # file, words, and words a minute
    espeak-ng -v es -s "${3:-140}" -w "$1.wav" "$2"
    sox "$1.wav" -c 1 -C 24 "$1.mp3" norm -3 pad 0.15 0.2
    rm "$1.wav"
}

for verb in hablar trabajar comprar buscar llegar pagar comer beber leer aprender vivir escribir abrir recibir \
    ser estar saber conocer pedir preguntar llevar traer gustar ir; do
    say "$verb" "$verb"
done
say ser-1 "yo soy, tú eres, ella es" 170
say ser-2 "nosotros somos, vosotros sois, ellos son" 170
say estar-1 "yo estoy, tú estás, ella está" 170
say estar-2 "nosotros estamos, vosotros estáis, ellos están" 170
say ir-1 "yo voy, tú vas, ella va" 170
say ir-2 "nosotros vamos, vosotros vais, ellos van" 170
say heard-hablar "habló"
say heard-cantar "canto"
say heard-trabajar "trabajé"
say heard-comprar "compró"
say heard-comer "comió"
say heard-vivir "vivís"
