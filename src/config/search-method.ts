/** How a space is searched. By itself, so that the command line names them without loading what reads configs. */
export const methods = ["nsga2", "annealing", "enumerate"] as const;

export type Method = (typeof methods)[number];
