import { useRef, useState } from 'react'
import { useDeskEvents } from '../live/use-desk-events.ts'

const storageKey = 'zwerm-alarm-sound'
/** A burst of alarms is one sound. */
const restMs = 4_000
const toneHz = 880
const toneS = 0.18

/** A short tone when an alarm is raised; off until a person turns it on, and remembered on this device. */
export function useAlarmSound(): readonly [boolean, (isOn: boolean) => void] {
  const [isOn, setOn] = useState(() => localStorage.getItem(storageKey) === 'on')
  const lastAtMs = useRef(Number.NEGATIVE_INFINITY)
  useDeskEvents((event) => {
    if (!isOn || event.kind !== 'alarm' || event.state !== 'open') return
    if (performance.now() - lastAtMs.current < restMs) return
    lastAtMs.current = performance.now()
    ring()
  })
  const turn = (on: boolean) => {
    localStorage.setItem(storageKey, on ? 'on' : 'off')
    setOn(on)
    if (on) ring()
  }
  return [isOn, turn]
}

function ring(): void {
  const sound = new AudioContext()
  const tone = sound.createOscillator()
  const loudness = sound.createGain()
  tone.frequency.value = toneHz
  loudness.gain.setValueAtTime(0.12, sound.currentTime)
  loudness.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + toneS)
  tone.connect(loudness).connect(sound.destination)
  tone.addEventListener('ended', () => void sound.close())
  tone.start()
  tone.stop(sound.currentTime + toneS)
}
