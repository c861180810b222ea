using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

[ApiType]
public sealed partial class Status
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field(1)]
    public ListMeta Metadata { get; set; } = new();

    [Field(2, Name = "status")]
    public string StatusValue { get; set; } = "";

    [Field(3)]
    public string Message { get; set; } = "";

    [Field(4)]
    public string Reason { get; set; } = "";

    [Field(5)]
    public StatusDetails? Details { get; set; }

    [Field(6)]
    public int Code { get; set; }
}

[ApiType]
public sealed partial class StatusDetails
{
    [Field(1)]
    public string Name { get; set; } = "";

    [Field(2)]
    public string Group { get; set; } = "";

    [Field(3)]
    public string Kind { get; set; } = "";

    [Field(6)]
    public string Uid { get; set; } = "";

    [Field(4), ListType("atomic")]
    public List<StatusCause>? Causes { get; set; }

    [Field(5)]
    public int RetryAfterSeconds { get; set; }
}

[ApiType]
public sealed partial class StatusCause
{
    [Field(1)]
    public string Reason { get; set; } = "";

    [Field(2)]
    public string Message { get; set; } = "";

    [Field(3)]
    public string Field { get; set; } = "";
}

public static class StatusReason
{
    public const string Unauthorized = "Unauthorized";
    public const string Forbidden = "Forbidden";
    public const string NotFound = "NotFound";
    public const string AlreadyExists = "AlreadyExists";
    public const string Conflict = "Conflict";
    public const string Gone = "Gone";
    public const string Invalid = "Invalid";
    public const string ServerTimeout = "ServerTimeout";
    public const string StorageReadError = "StorageReadError";
    public const string Timeout = "Timeout";
    public const string TooManyRequests = "TooManyRequests";
    public const string BadRequest = "BadRequest";
    public const string MethodNotAllowed = "MethodNotAllowed";
    public const string NotAcceptable = "NotAcceptable";
    public const string RequestEntityTooLarge = "RequestEntityTooLarge";
    public const string UnsupportedMediaType = "UnsupportedMediaType";
    public const string InternalError = "InternalError";
    public const string Expired = "Expired";
    public const string ServiceUnavailable = "ServiceUnavailable";
}

public static class CauseType
{
    public const string FieldValueNotFound = "FieldValueNotFound";
    public const string FieldValueRequired = "FieldValueRequired";
    public const string FieldValueDuplicate = "FieldValueDuplicate";
    public const string FieldValueInvalid = "FieldValueInvalid";
    public const string FieldValueNotSupported = "FieldValueNotSupported";
    public const string FieldValueForbidden = "FieldValueForbidden";
    public const string FieldValueTooLong = "FieldValueTooLong";
    public const string FieldValueTooMany = "FieldValueTooMany";
    public const string InternalError = "InternalError";
    public const string FieldValueTypeInvalid = "FieldValueTypeInvalid";
    public const string UnexpectedServerResponse = "UnexpectedServerResponse";
    public const string FieldManagerConflict = "FieldManagerConflict";
    public const string ResourceVersionTooLarge = "ResourceVersionTooLarge";
}
