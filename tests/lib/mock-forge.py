#!/usr/bin/env python3
"""A forge on loopback, as strict as can be, for tests.

    mock-forge.py <dir> <cert and key> [<github.json> <prism's port>]

All forges at once, told apart by the path of their services. In <dir>:

    port           written when it listens
    auth           the Authorization that is right (the caller's)
    mode           what goes wrong, see MODES (the caller's; default: nothing)
    requests.json  the review requests there are (both)
    log            a line per request: the method, and the address as it came
    violations     what was not in order with any of them; nothing, please

Requests to GitHub are checked by Prism against GitHub's own description, the
others by what is written below: unknown parameters and fields are refused,
types, headers and encodings are compared.
"""

import http.client
import http.server
import json
import os
import re
import ssl
import sys
import threading
import time
import urllib.parse

HERE = sys.argv[1]
CERT = sys.argv[2]
GITHUB = json.load(open(sys.argv[3])) if len(sys.argv) > 3 else None
PRISM = int(sys.argv[4]) if len(sys.argv) > 4 else 0

# "once <mode>": for the first request only.
MODES = """normal, race: the first list is empty, status <code> [<seconds>],
post <code>: only of what changes, redirect <url>, endless, headers, huge,
nested, html, hostile, echo: 401 with our own words, cut: done, and no answer,
drop: not done, and no answer, die: then nobody is there, garbled: done, and nonsense is answered"""


def path(name):
    return os.path.join(HERE, name)


def read(name, default=""):
    try:
        with open(path(name)) as file:
            return file.read().strip()
    except FileNotFoundError:
        return default


def write(name, text):
    with open(path(name) + "+", "w") as file:
        file.write(text)
    os.rename(path(name) + "+", path(name))


def append(name, text):
    with open(path(name), "a") as file:
        file.write(text + "\n")


class Wrong(Exception):
    """A request that is not in order."""


def need(truth, *words):
    if not truth:
        raise Wrong(" ".join(str(word) for word in words))


# Schemas: a type, a regular expression, a list of one, or a dict of fields; a
# field with a "!" behind its name has to be there.
def match(schema, value, where):
    if isinstance(schema, str):
        need(isinstance(value, str), where, "is no text")
        need(re.fullmatch(schema, value, re.S), where, "is", repr(value))
    elif isinstance(schema, type):
        need(type(value) is schema, where, "is no", schema.__name__)
    elif isinstance(schema, list):
        need(isinstance(value, list), where, "is no list")
        for i, one in enumerate(value):
            match(schema[0], one, f"{where}[{i}]")
    else:
        need(isinstance(value, dict), where, "is no object")
        names = {name.rstrip("!"): name for name in schema}
        for name, one in value.items():
            need(name in names, where, "has an unknown", name)
            match(schema[names[name]], one, f"{where}.{name}")
        for name in schema:
            need(not name.endswith("!") or name[:-1] in value,
                 where, "has no", name[:-1])


NUMBER = "[1-9][0-9]*"
BRANCH = r"[^\0- ~^:?*\[\\\x7f]+"
TEXT = ".*"
TITLE = ".{1,255}"


class Forge:
    """What they have in common."""

    accept = "application/json"
    headers = {}

    def items(self):
        return [r for r in json.loads(read("requests.json", "[]"))]

    def save(self, items):
        write("requests.json", json.dumps(items, indent=1))

    def find(self, number):
        for r in self.items():
            if r["number"] == int(number):
                return r
        return None

    def pages(self, items, page, size):
        return items[(page - 1) * size:page * size]

    def taken(self, fields):
        return any(r["branch"] == fields["branch"] and
                   not r.get("foreign") for r in self.items())

    def add(self, fields):
        items = self.items()
        fields["number"] = max([r["number"] for r in items] or [0]) + 1
        self.save([fields] + items)
        return fields

    def change(self, number, fields):
        items = self.items()
        for r in items:
            if r["number"] == int(number):
                r.update(fields)
                self.save(items)
                return r
        return None


class GitHub(Forge):
    base = "/api/v3"
    accept = "application/vnd.github+json"
    headers = {"X-GitHub-Api-Version": "2022-11-28"}
    routes = [("GET", "/repos/acme/shop/pulls", "list"),
              ("POST", "/repos/acme/shop/pulls", "create"),
              ("PATCH", f"/repos/acme/shop/pulls/({NUMBER})", "update")]
    list_query = create_query = update_query = None  # Prism's
    create_body = update_body = None

    def check(self, method, address, headers, body):
        """By GitHub's description: unknown names, then Prism, which does
        not know that application/vnd.github+json is JSON, too."""
        parts = urllib.parse.urlsplit(address)
        there = "/repos/{owner}/{repo}/pulls"
        if re.search("/[0-9]+$", parts.path):
            there += "/{pull_number}"
        how = GITHUB["paths"][there][method.lower()]
        known = [GITHUB["components"]["parameters"][
                     p["$ref"].split("/")[-1]]["name"] if "$ref" in p
                 else p["name"] for p in how["parameters"]]
        for name, _ in urllib.parse.parse_qsl(parts.query):
            need(name in known, "unknown parameter", name)
        if body:
            schema = how["requestBody"]["content"]["application/json"]
            for name in json.loads(body):
                need(name in schema["schema"]["properties"],
                     "unknown field", name)
        prism = http.client.HTTPConnection("127.0.0.1", PRISM, timeout=30)
        prism.request(method, address, body,
                      {k: v for k, v in headers.items()
                       if k.lower() not in ("host", "accept", "authorization",
                                            "content-length")})
        answer = prism.getresponse()
        said = answer.read().decode("utf-8", "replace")
        need(answer.status < 300, "Prism:", answer.status, said)
        # GitHub's own examples are not all as GitHub says they are.
        for wrong in json.loads(answer.getheader("sl-violations", "[]")):
            need(wrong["location"][0] != "request", "Prism:", wrong)

    def show(self, r, page):
        """As in GitHub's own example."""
        which = "pull-request-simple-items" if page else "pull-request"
        one = json.loads(json.dumps(
            GITHUB["components"]["examples"][which]["value"]))
        one = one[0] if isinstance(one, list) else one
        one["number"] = r["number"]
        one["html_url"] = URL + f"/acme/shop/pull/{r['number']}"
        one["title"], one["body"] = r["title"], r["body"]
        one["head"]["ref"], one["base"]["ref"] = r["branch"], r["into"]
        one["base"]["repo"]["id"] = 1
        if r.get("foreign"):
            one["head"]["repo"] = None
        else:
            one["head"]["repo"]["id"] = 1
        return one

    def list(self, query):
        items = self.items()
        if "head" in query:
            items = [r for r in items if "acme:" + r["branch"] ==
                     query["head"]]
        items = self.pages(items, int(query["page"]), int(query["per_page"]))
        return 200, [self.show(r, True) for r in items]

    def create(self, query, body):
        r = {"branch": body["head"], "into": body["base"],
             "title": body["title"], "body": body["body"]}
        if self.taken(r):
            return 422, {"message": "Validation Failed", "errors": [{
                "resource": "PullRequest", "code": "custom", "message":
                "A pull request already exists for acme:" + r["branch"]}]}
        return 201, self.show(self.add(r), False)

    def update(self, query, body, number):
        r = self.change(number, body)
        return (200, self.show(r, False)) if r else (404, {})


class GitLab(Forge):
    base = "/api/v4"
    project = "/projects/group%2Fsub%2Fshop/merge_requests"
    routes = [("GET", project, "list"), ("POST", project, "create"),
              ("PUT", f"{project}/({NUMBER})", "update")]
    list_query = {"state!": "opened|closed|locked|merged|all",
                  "scope": "created_by_me|assigned_to_me|all",
                  "order_by": "created_at|title|updated_at|merged_at",
                  "sort": "asc|desc", "per_page": "[1-9]|[1-9][0-9]|100",
                  "page": NUMBER, "source_branch": BRANCH}
    create_query = update_query = {}
    create_body = {"source_branch!": BRANCH, "target_branch!": BRANCH,
                   "title!": TITLE, "description": TEXT}
    update_body = {"title": TITLE, "description": TEXT}

    def show(self, r):
        return {"id": 100 + r["number"], "iid": r["number"],
                "project_id": 3, "title": r["title"],
                "description": r["body"], "state": "opened",
                "source_branch": r["branch"], "target_branch": r["into"],
                "source_project_id": 4 if r.get("foreign") else 3,
                "target_project_id": 3, "web_url":
                URL + f"/group/sub/shop/-/merge_requests/{r['number']}"}

    def list(self, query):
        items = [r for r in self.items() if query.get(
            "source_branch", r["branch"]) == r["branch"]]
        items = self.pages(items, int(query["page"]), int(query["per_page"]))
        return 200, [self.show(r) for r in items]

    def create(self, query, body):
        r = {"branch": body["source_branch"], "into": body["target_branch"],
             "title": body["title"], "body": body.get("description", "")}
        if self.taken(r):
            return 409, {"message": ["Another open merge request already "
                                     "exists for this source branch: !1"]}
        return 201, self.show(self.add(r))

    def update(self, query, body, number):
        r = self.change(number, {"title": body["title"],
                                 "body": body["description"]})
        return (200, self.show(r)) if r else (404, {"message": "404"})


class Bitbucket(Forge):
    base = "/2.0"
    project = "/repositories/acme/shop/pullrequests"
    routes = [("GET", project, "list"), ("POST", project, "create"),
              ("PUT", f"{project}/({NUMBER})", "update")]
    list_query = {"state": "OPEN|MERGED|DECLINED|SUPERSEDED",
                  "page": NUMBER, "pagelen": "[1-4]?[0-9]|50",
                  "sort": r"-?[a-z_.]+", "fields": r"[+-]?[a-z_.,*]+",
                  "q!": r'state="OPEN" AND source\.branch\.name[=~]"[^"]*"'}
    create_query = update_query = {}
    endpoint = {"branch!": {"name!": BRANCH}}
    reviewers = [{"uuid!": r"\{[0-9a-f-]+\}"}]
    create_body = {"title!": TITLE, "description": TEXT, "source!": endpoint,
                   "destination": endpoint, "reviewers": reviewers,
                   "close_source_branch": bool}
    update_body = {"title!": TITLE, "description": TEXT,
                   "reviewers": reviewers}

    def show(self, r, reviewers=True):
        there = "somebody/shop" if r.get("foreign") else "acme/shop"
        one = {"type": "pullrequest", "id": r["number"], "state": "OPEN",
               "title": r["title"], "description": r["body"],
               "source": {"branch": {"name": r["branch"]},
                          "repository": {"full_name": there}},
               "destination": {"branch": {"name": r["into"]},
                               "repository": {"full_name": "acme/shop"}},
               "links": {"html": {"href": URL +
                         f"/acme/shop/pull-requests/{r['number']}"}}}
        if reviewers:
            one["reviewers"] = r.get("reviewers", [])
        return one

    def list(self, query):
        how, what = re.search('name([=~])"(.*)"', query["q"]).groups()
        items = [r for r in self.items() if (r["branch"] == what
                 if how == "=" else what in r["branch"])]
        size, page = int(query["pagelen"]), int(query["page"])
        answer = {"size": len(items), "page": page, "pagelen": size,
                  "values": [self.show(r, query.get("fields") ==
                                       "+values.reviewers")
                             for r in self.pages(items, page, size)]}
        if page * size < len(items):
            answer["next"] = "https://other.example.com/steal?page=2"
        return 200, answer

    def create(self, query, body):
        # This one takes two of the same branch.
        return 201, self.show(self.add({
            "branch": body["source"]["branch"]["name"],
            "into": body["destination"]["branch"]["name"],
            "title": body["title"], "body": body.get("description", "")}))

    def update(self, query, body, number):
        r = self.change(number, {"title": body["title"],
                                 "body": body["description"],
                                 "reviewers": body.get("reviewers", [])})
        return (200, self.show(r)) if r else (404, {})


class BitbucketServer(Forge):
    base = "/rest/api/1.0"
    project = "/projects/SHOP/repos/app/pull-requests"
    routes = [("GET", project, "list"), ("POST", project, "create"),
              ("PUT", f"{project}/({NUMBER})", "update")]
    list_query = {"state": "OPEN|DECLINED|MERGED|ALL",
                  "direction": "INCOMING|OUTGOING", "order": "NEWEST|OLDEST",
                  "limit": "[1-9][0-9]*", "start": "[0-9]+",
                  "at": "refs/heads/" + BRANCH}
    create_query = update_query = {}
    ref = {"id!": "refs/heads/" + BRANCH, "repository!": {
        "slug!": "app", "project!": {"key!": "SHOP"}}}
    reviewers = [{"user!": {"name!": "[a-z]+"}}]
    create_body = {"title!": TITLE, "description": ".{,32768}",
                   "fromRef!": ref, "toRef!": ref, "reviewers": reviewers}
    update_body = {"version!": int, "title": TITLE,
                   "description": ".{,32768}", "reviewers": reviewers}

    def show(self, r):
        other = {"id": 9, "slug": "app", "project": {"key": "~ANN"}}
        ours = {"id": 8, "slug": "app", "project": {"key": "SHOP"}}
        return {"id": r["number"], "version": r.get("version", 0),
                "title": r["title"], "description": r["body"],
                "state": "OPEN", "open": True, "closed": False,
                "fromRef": {"id": "refs/heads/" + r["branch"],
                            "repository": other if r.get("foreign")
                            else ours},
                "toRef": {"id": "refs/heads/" + r["into"],
                          "repository": ours},
                "reviewers": r.get("reviewers", []),
                "links": {"self": [{"href": URL + "/projects/SHOP/repos/app/"
                                    f"pull-requests/{r['number']}"}]}}

    def list(self, query):
        items = [r for r in self.items() if query.get(
            "at", "refs/heads/" + r["branch"]) == "refs/heads/" + r["branch"]]
        # Where the next page starts is the server's to say.
        start, size = int(query["start"]), min(int(query["limit"]), 25)
        last = start + size >= len(items)
        return 200, {"size": len(items[start:start + size]), "limit": size,
                     "start": start, "isLastPage": last,
                     "nextPageStart": None if last else start + size,
                     "values": [self.show(r)
                                for r in items[start:start + size]]}

    def create(self, query, body):
        r = {"branch": body["fromRef"]["id"][11:],
             "into": body["toRef"]["id"][11:], "title": body["title"],
             "body": body.get("description", "")}
        if self.taken(r):
            return 409, {"errors": [{
                "context": None, "message": "Only one pull request may be "
                "open for a given source and target branch", "exceptionName":
                "com.atlassian.bitbucket.pull.DuplicatePullRequestException"
                }]}
        return 201, self.show(self.add(r))

    def update(self, query, body, number):
        r = self.find(number)
        if not r or body["version"] != r.get("version", 0):
            return 409, {"errors": [{"message": "out of date"}]}
        r = self.change(number, {"title": body["title"],
                                 "body": body["description"],
                                 "reviewers": body.get("reviewers", []),
                                 "version": body["version"] + 1})
        return 200, self.show(r)


class Gitea(Forge):
    base = "/api/v1"
    project = "/repos/acme/shop/pulls"
    routes = [("GET", project, "list"), ("POST", project, "create"),
              ("PATCH", f"{project}/({NUMBER})", "update")]
    list_query = {"state": "open|closed|all", "page": NUMBER,
                  "limit": NUMBER, "sort": "oldest|recentupdate"}
    create_query = update_query = {}
    create_body = {"title!": TITLE, "head!": BRANCH, "base!": BRANCH,
                   "body": TEXT}
    update_body = {"title": TITLE, "body": TEXT}

    def show(self, r):
        return {"id": 70 + r["number"], "number": r["number"],
                "title": r["title"], "body": r["body"], "state": "open",
                "html_url": URL + f"/acme/shop/pulls/{r['number']}",
                "head": {"ref": r["branch"], "label": r["branch"],
                         "repo_id": 6 if r.get("foreign") else 5},
                "base": {"ref": r["into"], "label": r["into"],
                         "repo_id": 5}}

    def list(self, query):
        # Its own limit may be lower than what is asked for.
        items = self.pages(self.items(), int(query["page"]),
                           min(int(query["limit"]), 30))
        return 200, [self.show(r) for r in items]

    def create(self, query, body):
        r = {"branch": body["head"], "into": body["base"],
             "title": body["title"], "body": body.get("body", "")}
        if self.taken(r):
            return 409, {"message": "pull request already exists for these "
                         "targets", "url": URL}
        return 201, self.show(self.add(r))

    def update(self, query, body, number):
        r = self.change(number, body)
        return (201, self.show(r)) if r else (404, {})


FORGES = [GitLab(), Bitbucket(), BitbucketServer(), Gitea()]
if GITHUB:
    FORGES.append(GitHub())


def canary_in_argv(secret):
    """Who has the token on its command line, for all to see?"""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if secret.encode() in file.read():
                    return pid
        except OSError:
            pass
    return None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, data, kind="application/json", wait=0):
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if wait:
            self.send_header("Retry-After", str(wait))
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self):
        self.close_connection = True
        self.connection.close()

    def endless(self, piece):
        self.close_connection = True
        try:
            while True:
                self.wfile.write(piece)
        except OSError:
            pass

    def in_order(self, forge, body):
        """The method that answers, and what it is called with."""
        parts = urllib.parse.urlsplit(self.path)
        need(self.headers["User-Agent"], "no User-Agent")
        need(self.headers["Accept"] == forge.accept, "Accept")
        need((self.headers["Content-Type"] == "application/json") if body
             else not self.headers["Content-Type"], "Content-Type")
        for name, value in forge.headers.items():
            need(self.headers[name] == value, name)
        for method, where, name in forge.routes:
            found = re.fullmatch(where, parts.path[len(forge.base):])
            if method == self.command and found:
                break
        else:
            raise Wrong(f"no such thing: {self.command} {self.path}")
        query = urllib.parse.parse_qsl(parts.query, True, True)
        need(len(dict(query)) == len(query), "a parameter twice")
        fields = json.loads(body) if body else None
        if isinstance(forge, GitHub):
            forge.check(self.command, self.path[len(forge.base):],
                        self.headers, body)
        else:
            match(getattr(forge, name + "_query"), dict(query), "query")
            if body:
                match(getattr(forge, name + "_body"), fields, "body")
        need(name == "list" or body, "no body")
        rest = found.groups() if name == "update" else ()
        return name, [dict(query)] + ([fields] if body else []) + list(rest)

    def misbehave(self, mode):
        """Before anything is done; was that the answer?"""
        words = mode.split()
        if words[0] == "status" or (words[0] == "post" and
                                    self.command != "GET"):
            self.answer(int(words[1]), {"message": "as told"},
                        wait=int(words[2]) if len(words) > 2 else 0)
        elif words[0] == "redirect":
            self.send_response(307)
            self.send_header("Location", words[1])
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif words[0] == "endless":
            self.send_response(200)
            self.end_headers()
            self.endless(b"[" + b" " * 65536)
        elif words[0] == "headers":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            self.endless(b"X-More: " + b"x" * 1000 + b"\r\n")
        elif words[0] == "huge":
            self.answer(200, b"[" * 9000000)
        elif words[0] == "nested":
            self.answer(200, b"[" * 400000)
        elif words[0] == "html":
            self.answer(200, b"<html>\033[2J please log in\n", "text/html")
        elif words[0] == "hostile":
            self.answer(422 if self.command != "GET" else 200, {
                "message": "no\033[31m\r\nerror: \u202eforged",
                "errors": ["\x9b2J", {"message": "x" * 5000}]}
                if self.command != "GET" else [])
        elif words[0] == "echo":
            said = self.headers["Authorization"]
            self.answer(401, {"message": "wrong: " + said, "error": said,
                              "errors": ["y" * 280 + said]})
        elif words[0] == "die" and self.command != "GET":
            os._exit(0)
        elif words[0] == "drop" and self.command != "GET":
            self.hang_up()
        else:
            return False
        return True

    def handle_one(self):
        length = int(self.headers["Content-Length"] or 0)
        body = self.rfile.read(length)
        append("log", f"{self.command} {self.path}")
        forge = next((f for f in FORGES if
                      self.path.startswith(f.base + "/")), None)
        right, mode = read("auth"), read("mode", "normal")
        if mode.startswith("once "):
            write("mode", "normal")
            mode = mode[5:]
        found = canary_in_argv(right.split()[-1])
        need(not found, "the token is in the argv of", found)
        need(forge, "no forge is there:", self.path)
        name, args = self.in_order(forge, body)
        if mode == "race" and name == "list":
            write("mode", "normal")
            return self.answer(*forge.list(dict(args[0], page="1000",
                                                start="100000")))
        if self.misbehave(mode):
            return None
        if self.headers["Authorization"] != right:
            return self.answer(401, {"message": "Bad credentials"})
        status, answer = getattr(forge, name)(*args)
        if name != "list" and mode == "cut":
            return self.hang_up()
        if name != "list" and mode == "garbled":
            return self.answer(status, {"id": "?"})
        return self.answer(status, answer)

    def do_GET(self):
        try:
            self.handle_one()
        except (Wrong, ValueError, KeyError) as why:
            append("violations", f"{self.command} {self.path}: {why!r}")
            self.answer(400, {"message": f"violation: {why}"})
        except OSError:
            self.close_connection = True

    do_POST = do_PUT = do_PATCH = do_GET


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # clients that do not trust us


def end_with(parent):
    """However the test ends, nobody is left behind."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


threading.Thread(target=end_with, args=[os.getppid()], daemon=True).start()
server = Server(("127.0.0.1", 0), Handler)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(CERT)
# In its own thread each, so that one that says nothing holds nobody up.
server.socket = tls.wrap_socket(server.socket, server_side=True,
                                do_handshake_on_connect=False)
URL = f"https://localhost:{server.server_port}"
write("port", str(server.server_port))
server.serve_forever()
