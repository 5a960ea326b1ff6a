# Forges on loopback, over TLS with a CA of our own: mock-forge.py.
#
#	forge_certs			ca.pem, and good, self, expired and
#					other (another host's) .pem
#	forge_prism			GitHub's own description, served to check
#					requests with; without, no GitHub
#	forge_start <dir> [<cert>]	FORGE_PORT and <dir>'s files
#	forge_drive <args>		review-drive: out and err

test_require python3 openssl node

FORGE_API=$TOP/build/forge-api
FORGE_DRIVE=$BUILD/tests/review-drive
CANARY=canary-5f1c0ffee-token

# forge_cert <name> <host> <from> <to>
forge_cert () {
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1.key" -out "$1.csr" -subj "/CN=$2" \
		-addext "subjectAltName=DNS:$2" &&
	openssl ca -batch -config ca.conf -in "$1.csr" -out "$1.crt" \
		-startdate "$3" -enddate "$4" -notext &&
	cat "$1.crt" "$1.key" >"$1.pem"
}

forge_certs () {
	cat >ca.conf <<-EOF &&
	[ca]
	default_ca = ours
	[ours]
	database = $PWD/ca.db
	new_certs_dir = $PWD
	serial = $PWD/ca.serial
	certificate = $PWD/ca.pem
	private_key = $PWD/ca.key
	default_md = sha256
	policy = any
	copy_extensions = copy
	unique_subject = no
	[any]
	commonName = supplied
	EOF
	: >ca.db && echo 01 >ca.serial &&
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout ca.key -out ca.pem -days 2 -subj "/CN=Test CA" &&
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout self.key -out self.crt -days 2 -subj "/CN=localhost" \
		-addext "subjectAltName=DNS:localhost" &&
	cat self.crt self.key >self.pem &&
	forge_cert good localhost 20260101000000Z 20460101000000Z &&
	forge_cert expired localhost 20200101000000Z 20200102000000Z &&
	forge_cert other other.example.com 20260101000000Z 20460101000000Z
}

forge_free_port () {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# What "make check-e2e" gets from npm.
forge_prism () {
	test_path_is_file "$FORGE_API/github.json" &&
	PRISM_PORT=$(forge_free_port) || return 1
	"$FORGE_API/node_modules/.bin/prism" mock -p "$PRISM_PORT" \
		"$FORGE_API/github.json" >prism.log 2>&1 &
	test_at_done "kill $! 2>/dev/null"
	test_wait_for 60 grep -q "Prism is listening" prism.log
}

forge_start () {
	mkdir -p "$1" && : >"$1/log" && : >"$1/violations" &&
	echo "Bearer $CANARY" >"$1/auth" &&
	rm -f "$1/port" || return 1
	python3 -B "$TOP/tests/lib/mock-forge.py" "$1" "${2:-good}.pem" \
		${PRISM_PORT:+"$FORGE_API/github.json" "$PRISM_PORT"} \
		>"$1/out" 2>&1 &
	test_at_done "kill $! 2>/dev/null"
	test_wait_for 30 test -s "$1/port" && FORGE_PORT=$(cat "$1/port")
}

forge_drive () {
	(cd app && "$FORGE_DRIVE" "$@") >out 2>err
}

# As it was in the beginning.
forge_reset () {
	rm -f forge/requests.json forge/mode && : >forge/log && : >forge/violations &&
	echo "Bearer $CANARY" >forge/auth
}
