using Coracle.Schema;

namespace Coracle.Kinds.Authentication.V1;

[ApiType]
public sealed partial class UserInfo
{
    [Field(1)]
    public string Username { get; set; } = "";

    [Field(2)]
    public string Uid { get; set; } = "";

    [Field(3), ListType("atomic")]
    public List<string>? Groups { get; set; }

    [Field(4)]
    public Dictionary<string, List<string>>? Extra { get; set; }
}
