#!/bin/sh
# Sends all contracts of @name@ on chain @chain_id@ to be verified: to Sourcify; with ETHERSCAN_API_KEY set to
# Etherscan; with BLOCKSCOUT=https://… to that Blockscout. Once more does no harm.
set -eu
cd "$(dirname "$0")"

one() { # name, address, source:contract
  if [ -n "${BLOCKSCOUT:-}" ]; then
    set -- "$@" -F compiler_version=v@compiler@ -F license_type=mit -F "contract_name=$3" \
      -F "files[0]=@$1.input.json;type=application/json" -F "constructor_args=$(cat "$1.args.txt")" \
      "$BLOCKSCOUT/api/v2/smart-contracts/$2/verification/via/standard-input"
  elif [ -n "${ETHERSCAN_API_KEY:-}" ]; then
    set -- "$@" --data-urlencode module=contract --data-urlencode action=verifysourcecode \
      --data-urlencode "apikey=$ETHERSCAN_API_KEY" --data-urlencode codeformat=solidity-standard-json-input \
      --data-urlencode "sourceCode@$1.input.json" --data-urlencode "contractaddress=$2" \
      --data-urlencode "contractname=$3" --data-urlencode compilerversion=v@compiler@ \
      --data-urlencode "constructorArguments=$(cat "$1.args.txt")" \
      "${ETHERSCAN_URL:-https://api.etherscan.io/v2/api}?chainid=@chain_id@"
  else
    set -- "$@" -H 'content-type: application/json' --data "@$1.sourcify.json" \
      "${SOURCIFY:-https://sourcify.dev/server}/v2/verify/@chain_id@/$2"
  fi
  printf '%s: ' "$1"
  shift 3
  curl --silent --show-error --max-time 120 "$@" || failed=1
  echo
}

failed=0
@rows@
exit "$failed"
