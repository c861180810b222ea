namespace Coracle.Instance;

internal static class DataDirectoryMode
{
    /// <summary>The owner's alone, but for passing through: containers of other users reach their root file systems below it.</summary>
    public const UnixFileMode Value = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
}
