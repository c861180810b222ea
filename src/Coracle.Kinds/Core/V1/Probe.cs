using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType]
public sealed partial class Probe
{
    [Field(1_001)]
    public ExecAction? Exec { get; set; }

    [Field(1_002)]
    public HTTPGetAction? HttpGet { get; set; }

    [Field(1_003)]
    public TCPSocketAction? TcpSocket { get; set; }

    [Field(1_004)]
    public GRPCAction? Grpc { get; set; }

    [Field(2)]
    public int InitialDelaySeconds { get; set; }

    [Field(3), Default(1)]
    public int TimeoutSeconds { get; set; }

    [Field(4), Default(10)]
    public int PeriodSeconds { get; set; }

    [Field(5), Default(1)]
    public int SuccessThreshold { get; set; }

    [Field(6), Default(3)]
    public int FailureThreshold { get; set; }

    [Field(7)]
    public long? TerminationGracePeriodSeconds { get; set; }
}

[ApiType]
public sealed partial class ExecAction
{
    [Field(1), ListType("atomic")]
    public List<string>? Command { get; set; }
}

[ApiType]
public sealed partial class HTTPGetAction
{
    [Field(1), Default("/")]
    public string Path { get; set; } = "";

    [Field(2), Required]
    public IntOrString Port { get; set; }

    [Field(3)]
    public string Host { get; set; } = "";

    [Field(4), Default("HTTP")]
    public string Scheme { get; set; } = "";

    [Field(5), ListType("atomic")]
    public List<HTTPHeader>? HttpHeaders { get; set; }
}

[ApiType]
public sealed partial class HTTPHeader
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2), Required]
    public string Value { get; set; } = "";
}

[ApiType]
public sealed partial class TCPSocketAction
{
    [Field(1), Required]
    public IntOrString Port { get; set; }

    [Field(2)]
    public string Host { get; set; } = "";
}

[ApiType]
public sealed partial class GRPCAction
{
    [Field(1), Required]
    public int Port { get; set; }

    [Field(2, Always = true), Default("", Published = true)]
    public string? Service { get; set; }
}

public static class URIScheme
{
    public const string HTTP = "HTTP";
    public const string HTTPS = "HTTPS";
}
