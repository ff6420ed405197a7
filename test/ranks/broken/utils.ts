/** A fixture: a module that the layout does not know. */
export const nothing = 0;
