import { createContext, useContext } from 'react'

/** Paths that the desk has pages for, as its routes write them: `/bikes/:number`. */
export const DeskPaths = createContext<readonly string[]>([])

/** Whether to offer a way to a page. */
export const useHasPage = (path: string): boolean => useContext(DeskPaths).includes(path)
