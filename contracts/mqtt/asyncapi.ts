import type { TSchema } from 'typebox'
import { asId, type LockId, lockIdPattern } from '../ids.ts'
import { Command, Sync } from './commands.ts'
import { DesiredConfig } from './config.ts'
import ack from './examples/ack.json' with { type: 'json' }
import cfg from './examples/cfg.json' with { type: 'json' }
import cmd from './examples/cmd.json' with { type: 'json' }
import evtAlarm from './examples/evt-alarm.json' with { type: 'json' }
import evtBolt from './examples/evt-bolt.json' with { type: 'json' }
import evtBoot from './examples/evt-boot.json' with { type: 'json' }
import evtCfg from './examples/evt-cfg.json' with { type: 'json' }
import evtPower from './examples/evt-power.json' with { type: 'json' }
import evtSelf from './examples/evt-self.json' with { type: 'json' }
import hello from './examples/hello.json' with { type: 'json' }
import presence from './examples/presence.json' with { type: 'json' }
import sync from './examples/sync.json' with { type: 'json' }
import tel from './examples/tel.json' with { type: 'json' }
import telDeflated from './examples/tel-deflated.json' with { type: 'json' }
import {
  Acknowledgement,
  AlarmEvent,
  BoltEvent,
  BootEvent,
  ConfigEvent,
  DeflatedTelemetry,
  Hello,
  maxPayloadBytes,
  PowerEvent,
  Presence,
  SelfTestEvent,
  Telemetry,
} from './reports.ts'
import { downlinkTopic, presenceTopic, uplinkTopic } from './topics.ts'

/** One kind of message between a lock and the platform. */
export interface LockMessage {
  readonly name: string
  readonly summary: string
  readonly schema: TSchema
  readonly example: object
}

/** One topic, with everything that is said on it. `receive` is said by the lock, `send` by the platform. */
export interface LockTopic {
  readonly name: string
  readonly action: 'receive' | 'send'
  readonly address: string
  readonly retain: boolean
  readonly messages: readonly LockMessage[]
}

const anyLock = asId<LockId>('{lockId}')

export const lockTopics: readonly LockTopic[] = [
  {
    ...{ name: 'hello', action: 'receive', address: uplinkTopic(anyLock, 'hello'), retain: false },
    messages: [{ name: 'hello', summary: 'First message of every connection', schema: Hello, example: hello }],
  },
  {
    ...{ name: 'evt', action: 'receive', address: uplinkTopic(anyLock, 'evt'), retain: false },
    messages: [
      {
        name: 'evt-bolt',
        summary: 'The bolt moved: the start and the end of a ride',
        schema: BoltEvent,
        example: evtBolt,
      },
      { name: 'evt-alarm', summary: 'Something that staff should see', schema: AlarmEvent, example: evtAlarm },
      { name: 'evt-power', summary: 'The battery crossed a level', schema: PowerEvent, example: evtPower },
      { name: 'evt-boot', summary: 'The lock started again', schema: BootEvent, example: evtBoot },
      { name: 'evt-cfg', summary: 'What became of a configuration', schema: ConfigEvent, example: evtCfg },
      { name: 'evt-self', summary: 'A self-test: 1 is fine', schema: SelfTestEvent, example: evtSelf },
    ],
  },
  {
    ...{ name: 'tel', action: 'receive', address: uplinkTopic(anyLock, 'tel'), retain: false },
    messages: [
      { name: 'tel', summary: 'Positions and health, one or many', schema: Telemetry, example: tel },
      { name: 'tel-deflated', summary: 'A backlog of them, deflated', schema: DeflatedTelemetry, example: telDeflated },
    ],
  },
  {
    ...{ name: 'ack', action: 'receive', address: uplinkTopic(anyLock, 'ack'), retain: false },
    messages: [{ name: 'ack', summary: 'What became of a command', schema: Acknowledgement, example: ack }],
  },
  {
    ...{ name: 'presence', action: 'receive', address: presenceTopic(anyLock), retain: true },
    messages: [{ name: 'presence', summary: 'Birth and will', schema: Presence, example: presence }],
  },
  {
    ...{ name: 'cmd', action: 'send', address: downlinkTopic(anyLock, 'cmd'), retain: false },
    messages: [{ name: 'cmd', summary: 'A signed command with a deadline', schema: Command, example: cmd }],
  },
  {
    ...{ name: 'cfg', action: 'send', address: downlinkTopic(anyLock, 'cfg'), retain: true },
    messages: [{ name: 'cfg', summary: 'The whole desired configuration', schema: DesiredConfig, example: cfg }],
  },
  {
    ...{ name: 'sync', action: 'send', address: downlinkTopic(anyLock, 'sync'), retain: false },
    messages: [{ name: 'sync', summary: 'Server time; may ask for a sign of life', schema: Sync, example: sync }],
  },
]

/** How a lock proves itself; which of the two was chosen when it was provisioned. */
const securitySchemes = {
  password: {
    type: 'userPassword',
    description:
      'User name and client id are the lock id; the password is told when the lock is provisioned. Over TCP or TLS.',
  },
  certificate: {
    type: 'X509',
    description:
      "mTLS, TLS 1.3: a client certificate of the platform's own authority (P-256, clientAuth) whose common name is the lock id and the client id. No password is needed. Sessions may be resumed.",
  },
} as const

/** The lock's side of the platform as an AsyncAPI 3.0 document, made from the schemas that check every message. */
export function asyncApiDocument(): object {
  const messages = lockTopics.flatMap((topic) => topic.messages)
  const of = (scheme: keyof typeof securitySchemes) => ({ $ref: `#/components/securitySchemes/${scheme}` })
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Zwerm locks',
      version: '1',
      description: `Between a bike lock and the platform. Payloads are JSON of at most ${maxPayloadBytes} bytes. Read docs/locks.md first.`,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      broker: {
        host: '127.0.0.1:1883',
        protocol: 'mqtt',
        protocolVersion: '3.1.1',
        description: 'Client id and user name are the lock id.',
        security: [of('password')],
      },
      brokerTls: {
        host: '127.0.0.1:8883',
        protocol: 'secure-mqtt',
        protocolVersion: '3.1.1',
        description: 'TLS 1.3, where the operator sets MQTTS_PORT. A certificate, or the password.',
        security: [of('certificate'), of('password')],
      },
    },
    channels: Object.fromEntries(lockTopics.map((topic) => [topic.name, channelOf(topic)])),
    operations: Object.fromEntries(lockTopics.map((topic) => [`${topic.action}-${topic.name}`, operationOf(topic)])),
    components: {
      securitySchemes,
      messages: Object.fromEntries(
        messages.map(({ name, summary, schema, example }) => [
          name,
          { name, summary, payload: schema, examples: [{ payload: example }] },
        ]),
      ),
    },
  }
}

const channelOf = ({ address, messages }: LockTopic) => ({
  address,
  parameters: { lockId: { description: `The lock's own id: ${lockIdPattern}` } },
  messages: Object.fromEntries(messages.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }])),
})

const operationOf = ({ name, action, retain, messages }: LockTopic) => ({
  action,
  channel: { $ref: `#/channels/${name}` },
  messages: messages.map((message) => ({ $ref: `#/channels/${name}/messages/${message.name}` })),
  bindings: { mqtt: { qos: 1, retain } },
})
