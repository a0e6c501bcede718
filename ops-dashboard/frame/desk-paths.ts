import { createContext, useContext } from 'react'

/** Paths that the desk has pages for, as its routes write them: `/bikes/:number`, `/alarms/:alarmId?`. */
export const DeskPaths = createContext<readonly string[]>([])

/** Whether to offer a way to a page. */
export const useHasPage = (path: string): boolean => hasPage(useContext(DeskPaths), path)

/** A path with an optional last part is there without it too. */
export const hasPage = (paths: readonly string[], path: string): boolean =>
  paths.some((one) => one === path || one.replace(/\/:\w+\?$/, '') === path)
