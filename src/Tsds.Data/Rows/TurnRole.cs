namespace Tsds.Data.Rows;

/// <summary>Who speaks in a turn, after the names of the various formats have been mapped to one set.</summary>
internal enum TurnRole
{
    /// <summary>Text of nobody in particular: a document.</summary>
    Text,

    /// <summary>Instructions to the model: system, developer.</summary>
    System,

    /// <summary>The person: user, human.</summary>
    User,

    /// <summary>The model: assistant, gpt, model, and the calls it makes.</summary>
    Assistant,

    /// <summary>What a tool answered: tool, function, observation, ipython.</summary>
    Tool,

    /// <summary>A role that no format we know has; part of the whole text, out of reach of templates.</summary>
    Other,
}
