using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A check of a container, done over and over. One of exec, httpGet, tcpSocket and grpc is set.</summary>
/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType]
public sealed partial class Probe
{
    /// <summary>Passes when the command ends with exit code 0.</summary>
    [Field(1_001)]
    public ExecAction? Exec { get; set; }

    /// <summary>Passes when the answer's status is from 200 to 399.</summary>
    [Field(1_002)]
    public HTTPGetAction? HttpGet { get; set; }

    /// <summary>Passes when a connection can be made.</summary>
    [Field(1_003)]
    public TCPSocketAction? TcpSocket { get; set; }

    /// <summary>Passes when gRPC's health service answers SERVING.</summary>
    [Field(1_004)]
    public GRPCAction? Grpc { get; set; }

    /// <summary>Seconds to wait after the container's start.</summary>
    [Field(2)]
    public int InitialDelaySeconds { get; set; }

    /// <summary>Seconds after which a check without an answer has failed. 1 unless given.</summary>
    [Field(3), Default(1)]
    public int TimeoutSeconds { get; set; }

    /// <summary>Seconds from one check to the next. 10 unless given.</summary>
    [Field(4), Default(10)]
    public int PeriodSeconds { get; set; }

    /// <summary>How many checks in a row must pass after one has failed. 1 unless given, and always for liveness and startup.</summary>
    [Field(5), Default(1)]
    public int SuccessThreshold { get; set; }

    /// <summary>How many checks in a row must fail before it counts. 3 unless given.</summary>
    [Field(6), Default(3)]
    public int FailureThreshold { get; set; }

    /// <summary>Seconds for the container to stop after a failed check, instead of the pod's.</summary>
    [Field(7)]
    public long? TerminationGracePeriodSeconds { get; set; }
}

/// <summary>A command to run in a container.</summary>
[ApiType]
public sealed partial class ExecAction
{
    /// <summary>The program and its arguments; not run in a shell.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? Command { get; set; }
}

/// <summary>An HTTP request.</summary>
[ApiType]
public sealed partial class HTTPGetAction
{
    /// <summary>Path of the request.</summary>
    [Field(1), Default("/")]
    public string Path { get; set; } = "";

    /// <summary>The container's port, by number or name.</summary>
    [Field(2), Required]
    public IntOrString Port { get; set; }

    /// <summary>Where to connect to; the pod's address unless given.</summary>
    [Field(3)]
    public string Host { get; set; } = "";

    /// <summary>HTTP or HTTPS, whose certificate is not checked.</summary>
    [Field(4), Default("HTTP"), OneOf("HTTP", "HTTPS")]
    public string Scheme { get; set; } = "";

    /// <summary>Headers to send.</summary>
    [Field(5), ListType("atomic")]
    public List<HTTPHeader>? HttpHeaders { get; set; }
}

/// <summary>A header of an HTTP request.</summary>
[ApiType]
public sealed partial class HTTPHeader
{
    /// <summary>The header's name.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>The header's value.</summary>
    [Field(2), Required]
    public string Value { get; set; } = "";
}

/// <summary>A connection to a port.</summary>
[ApiType]
public sealed partial class TCPSocketAction
{
    /// <summary>The container's port, by number or name.</summary>
    [Field(1), Required]
    public IntOrString Port { get; set; }

    /// <summary>Where to connect to; the pod's address unless given.</summary>
    [Field(2)]
    public string Host { get; set; } = "";
}

/// <summary>A question to gRPC's health service.</summary>
[ApiType]
public sealed partial class GRPCAction
{
    /// <summary>The port's number.</summary>
    [Field(1), Required]
    public int Port { get; set; }

    /// <summary>The service to ask about; the server as a whole when empty.</summary>
    [Field(2, Always = true), Default("", Published = true)]
    public string? Service { get; set; }
}

/// <summary>The protocol of an HTTP request.</summary>
public static class URIScheme
{
    public const string HTTP = "HTTP";
    public const string HTTPS = "HTTPS";
}
