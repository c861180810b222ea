namespace Coracle.Node.Cri;

/// <summary>The status codes of gRPC, by their numbers on the wire.</summary>
public enum GrpcStatusCode
{
    Ok = 0,
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
}

/// <summary>
/// A call that the runtime refused or that did not reach it. <see cref="Exception.Message"/> is the runtime's own text
/// (or, with <see cref="GrpcStatusCode.Unavailable"/>, ours); decide by <see cref="Code"/>, never by the text.
/// </summary>
public sealed class GrpcException(GrpcStatusCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    public GrpcStatusCode Code { get; } = code;

    /// <summary>As Kubernetes clients know it: <c>rpc error: code = NotFound desc = ...</c>. Pod events and container statuses quote this form.</summary>
    public string RpcText => $"rpc error: code = {Code} desc = {Message}";
}
