import { lostColour, type InputDecision, type InputVote, type SizeVote } from '#core/contract/inputVote.ts';

/** A summary of the images for people: `80 of 82 images are in colour; heights from 24 to 63 (middle 43), …`. */
export function voteWords({ images, colourImages, height, width }: InputVote): string {
  const colour =
    colourImages === images
      ? `all ${images} images are in colour`
      : colourImages === 0
        ? `all ${images} images are grey`
        : `${colourImages} of ${images} images are in colour, ${images - colourImages} are grey`;
  return `${colour}; ${sizeWords('height', height, images)}, ${sizeWords('width', width, images)}`;
}

/** A line of the plan: the network's input, and the reason for it. */
export function inputWords({ channels, height, width, vote }: InputDecision): string {
  return `input ${height} x ${width}, ${channels === 1 ? '1 channel' : `${channels} channels`}: ${voteWords(vote)}`;
}

/** A note for the user about the input; null where nothing is lost. */
export function colourNote(decision: InputDecision): string | null {
  const lost = lostColour(decision);
  if (lost === 0) return null;
  const whose = `${lost} of ${decision.vote.images} images`;
  return `The network takes 1 channel, so the colour of ${whose} is not used; a project whose Input block has 3 channels keeps it.`;
}

function sizeWords(name: string, { value, images, least, most }: SizeVote, of: number): string {
  if (least === most) return `${name} ${value}`;
  const basis = images * 2 > of ? `${images} of ${of} images` : 'the middle one';
  return `${name} ${value} (${basis}; from ${least} to ${most})`;
}
