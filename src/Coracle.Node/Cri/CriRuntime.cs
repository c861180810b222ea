namespace Coracle.Node.Cri;

/// <summary>Placeholder until the gRPC channel lands.</summary>
public sealed class CriRuntime { }
