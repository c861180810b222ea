namespace Coracle.Testing;

/// <summary>A cluster did not come to what a test waited for; the message says how it was instead.</summary>
public sealed class TestClusterException(string message) : Exception(message);
