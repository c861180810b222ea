using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>The outcome of a request that does not answer with an object.</summary>
[ApiType]
public sealed partial class Status
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ListMeta Metadata { get; set; } = new();

    /// <summary>Success or Failure.</summary>
    [Field(2, Name = "status")]
    public string StatusValue { get; set; } = "";

    /// <summary>What happened, in words for people.</summary>
    [Field(3)]
    public string Message { get; set; } = "";

    /// <summary>Why it failed, in one word for programs.</summary>
    [Field(4)]
    public string Reason { get; set; } = "";

    /// <summary>More about the failure, depending on the reason.</summary>
    [Field(5)]
    public StatusDetails? Details { get; set; }

    /// <summary>The HTTP status.</summary>
    [Field(6)]
    public int Code { get; set; }
}

/// <summary>More about a failure.</summary>
[ApiType]
public sealed partial class StatusDetails
{
    /// <summary>Name of the object concerned.</summary>
    [Field(1)]
    public string Name { get; set; } = "";

    /// <summary>Group of the object concerned.</summary>
    [Field(2)]
    public string Group { get; set; } = "";

    /// <summary>Kind, or resource, of the object concerned.</summary>
    [Field(3)]
    public string Kind { get; set; } = "";

    /// <summary>UID of the object concerned.</summary>
    [Field(6)]
    public string Uid { get; set; } = "";

    /// <summary>The single causes of the failure: the fields that are not valid.</summary>
    [Field(4), ListType("atomic")]
    public List<StatusCause>? Causes { get; set; }

    /// <summary>After how many seconds to try again.</summary>
    [Field(5)]
    public int RetryAfterSeconds { get; set; }
}

/// <summary>A single cause of a failure.</summary>
[ApiType]
public sealed partial class StatusCause
{
    /// <summary>What kind of cause, in one word for programs.</summary>
    [Field(1)]
    public string Reason { get; set; } = "";

    /// <summary>What is wrong, in words for people.</summary>
    [Field(2)]
    public string Message { get; set; } = "";

    /// <summary>The field concerned, as a path: spec.containers[0].name.</summary>
    [Field(3)]
    public string Field { get; set; } = "";
}

/// <summary>Why a request failed.</summary>
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

/// <summary>Single causes of failures.</summary>
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
