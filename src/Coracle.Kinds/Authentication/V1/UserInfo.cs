using Coracle.Schema;

namespace Coracle.Kinds.Authentication.V1;

/// <summary>A user.</summary>
[ApiType]
public sealed partial class UserInfo
{
    /// <summary>The name by which the user is known.</summary>
    [Field(1)]
    public string Username { get; set; } = "";

    /// <summary>Tells users of the same name apart over time.</summary>
    [Field(2)]
    public string Uid { get; set; } = "";

    /// <summary>Groups to which the user belongs.</summary>
    [Field(3), ListType("atomic")]
    public List<string>? Groups { get; set; }

    /// <summary>More that the authenticator said.</summary>
    [Field(4)]
    public Dictionary<string, List<string>>? Extra { get; set; }
}
