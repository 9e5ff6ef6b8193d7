using System.Diagnostics.CodeAnalysis;

namespace Tsds.Data.Rows;

/// <summary>
/// Ends the reading of a conversation from within; <see cref="ConversationReader"/> catches it and keeps the message.
/// </summary>
[SuppressMessage("Design", "CA1032", Justification = "It is thrown and caught by the readers of conversations alone.")]
[SuppressMessage("Design", "CA1064", Justification = "It is thrown and caught by the readers of conversations alone.")]
internal sealed class UnreadableTurnException(string message) : Exception(message);
