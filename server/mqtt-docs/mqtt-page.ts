import { type LockTopic, lockTopics } from '../../contracts/mqtt/asyncapi.ts'
import { commandToSign, type UnsignedCommand } from '../../contracts/mqtt/commands.ts'
import exampleCommand from '../../contracts/mqtt/examples/cmd.json' with { type: 'json' }
import { maxPayloadBytes } from '../../contracts/mqtt/reports.ts'
import { escaped, policyOfStyle } from '../platform/page-text.ts'
import { type Field, fieldsOf } from './schema-fields.ts'

const style = `
:root { color-scheme: light dark; --ink: #17212b; --quiet: #55616d; --paper: #fff; --line: #d7dde3; --raised: #f3f6f8; --up: #0b6b4f; --down: #7a3e00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf2; --quiet: #a3afbb; --paper: #12181e; --line: #34404b; --raised: #1a222a; --up: #6fd6b2; --down: #f0b070; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 "Noto Sans", system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
a { color: inherit; }
p, ul, ol { margin: .5rem 0; max-width: 46rem; }
li { margin: .2rem 0; }
.quiet { color: var(--quiet); }
code, pre { font: .875rem/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
td code { overflow-wrap: normal; }
pre { padding: .75rem 1rem; overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; background: var(--raised); }
.box { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; margin: .5rem 0; font-size: .9375rem; }
th, td { padding: .4rem .75rem .4rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; white-space: nowrap; }
.up { color: var(--up); font-weight: 600; white-space: nowrap; }
.down { color: var(--down); font-weight: 600; white-space: nowrap; }
:focus-visible { outline: 3px solid #2a7fd4; outline-offset: 2px; }
@media print { pre { white-space: pre-wrap; } h2, h3 { break-after: avoid; } }
`

/** Nothing is loaded from anywhere; the one style sheet is allowed by its hash. */
export const mqttPagePolicy = policyOfStyle(style)

/** What locks and the platform say to each other, made from the schemas that check it. */
export function mqttPage(): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Zwerm: what locks say</title><style>${style}</style></head>
<body><main>
<h1>What locks say, and what they are told</h1>
<p>MQTT 3.1.1. Payloads are JSON of at most ${maxPayloadBytes.toLocaleString('en')} bytes, QoS 1 everywhere. This page is
made from the schemas that check every message; the same as <a href="/docs/mqtt/asyncapi.json">AsyncAPI 3.0</a>, the
HTTP side as <a href="/docs">OpenAPI</a>.</p>
${overview()}
${connecting}
${signing()}
${lockTopics.map(topicSection).join('\n')}
</main></body></html>
`
}

function overview(): string {
  const rows = lockTopics.map(
    (topic) =>
      `<tr><th scope="row"><a href="#${topic.name}">${topic.name}</a></th><td><code>${escaped(topic.address)}</code></td><td>${direction(
        topic,
      )}</td><td>1</td><td>${topic.retain ? 'yes' : 'no'}</td><td>${topic.messages
        .map(({ name }) => `<a href="#m-${name}">${name}</a>`)
        .join(', ')}</td></tr>`,
  )
  return `<h2 id="topics">Topics</h2>
<div class="box" role="region" aria-label="Topics" tabindex="0"><table><thead><tr><th scope="col">Name</th><th scope="col">Topic</th><th scope="col">Who speaks</th>
<th scope="col">QoS</th><th scope="col">Retained</th><th scope="col">Messages</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

const connecting = `<h2 id="connect">Connect</h2>
<p>Client id and lock id are the same word. A lock proves itself in one of two ways, chosen when it is provisioned:</p>
<ul>
<li><strong>Password</strong>: user name = lock id, password as told. On the TCP port, or on the TLS port.</li>
<li><strong>Certificate</strong> (mTLS): TLS 1.3 on the TLS port, with a client certificate of the platform's own authority
(P-256, extended key usage <em>clientAuth</em>) whose common name is the lock id. No password. Check the broker's certificate
against the authority that you were told. Sessions may be resumed for a day.</li>
</ul>
<p>Clean session, one subscription to exactly <code>bss/v1/dn/{lockId}/+</code>, a will on <code>bss/v1/st/{lockId}</code> (QoS 1,
retained), keep-alive 1 to 600 s. A lock has one connection: a second one ends the first. Publish to your own topics only; another
topic, QoS 2 or a longer payload closes the connection. 5 messages a second, 20 at once, 100 at once after a
<a href="#hello">hello</a> (once a minute). PUBACK means stored: keep a record until then, and send it again with the same
<code>b</code> and <code>q</code>.</p>
<p>A credential can be revoked. The connection is closed at once and the old password or certificate is refused (CONNACK code 4);
its command key is void with it.</p>`

const exampleLock = 'shell-lock-1'

function signing(): string {
  const toSign = commandToSign(exampleLock, exampleCommand as UnsignedCommand)
  return `<h2 id="sign">How a command is signed</h2>
<p><code>m</code> is the first 16 bytes, base64url, of HMAC-SHA-256 with the 32-byte command key of version <code>kv</code> over
eight lines, joined by a line feed, without one at the end: the word <code>bss1/cmd</code>, the lock's id, <code>id</code>,
<code>op</code>, <code>c</code>, <code>b</code>, <code>dl</code>, and <code>a</code> as JSON with sorted keys and no spaces. Of
the <a href="#m-cmd">example</a>, for a lock called ${exampleLock}:</p>
<pre tabindex="0" aria-label="What is signed of the example">${escaped(toSign)}</pre>
<p>A lock checks in this order: size and shape; the signature (compare in constant time, say nothing when it is wrong);
<code>b</code> is its own boot; its uptime is not past <code>dl</code>; <code>c</code> is higher than the last one that it accepted.
Then it stores <code>c</code>, says <code>acc</code>, and moves. A <a href="#cfg">configuration</a> is signed with the same key, over
lines of its own: see docs/locks.md.</p>`
}

const direction = ({ action }: LockTopic): string =>
  action === 'receive' ? '<span class="up">↑ lock</span>' : '<span class="down">↓ platform</span>'

function topicSection(topic: LockTopic): string {
  const messages = topic.messages.map(
    ({ name, summary, schema, example }) => `<h3 id="m-${name}">${name}</h3>
<p>${escaped(summary)}.</p>
${table(name, fieldsOf(schema))}
<pre tabindex="0" aria-label="Example of ${name}">${escaped(JSON.stringify(example, null, 2))}</pre>`,
  )
  return `<h2 id="${topic.name}">${topic.name}</h2>
<p><code>${escaped(topic.address)}</code></p>
<p>${direction(topic)} · QoS 1 · ${topic.retain ? 'retained' : 'never retained'}</p>
${messages.join('\n')}`
}

function table(name: string, fields: readonly Field[]): string {
  const rows = fields.map(
    (field) =>
      `<tr><th scope="row"><code>${escaped(field.name)}</code></th><td>${field.isRequired ? 'yes' : ''}</td><td>${escaped(
        field.type,
      )}</td><td>${field.values === '' ? '' : `<code>${escaped(field.values)}</code>`}</td><td>${escaped(field.description)}</td></tr>`,
  )
  return `<div class="box" role="region" aria-label="Fields of ${name}" tabindex="0"><table><thead><tr><th scope="col">Field</th><th scope="col">Needed</th><th scope="col">Type</th>
<th scope="col">Values</th><th scope="col">What it is</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}
