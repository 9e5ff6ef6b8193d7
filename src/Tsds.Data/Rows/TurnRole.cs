namespace Tsds.Data.Rows;

/// <summary>The speaker of a turn, after the names of the various formats have been mapped to one set.</summary>
internal enum TurnRole
{
    /// <summary>Text without a speaker: a document.</summary>
    Text,

    /// <summary>Instructions to the model: system, developer.</summary>
    System,

    /// <summary>The person: user, human.</summary>
    User,

    /// <summary>The model: assistant, gpt, model, and the calls it makes.</summary>
    Assistant,

    /// <summary>The answer of a tool: tool, function, observation, ipython.</summary>
    Tool,

    /// <summary>A role that no known format has; part of the whole text, but not available to templates.</summary>
    Other,
}
