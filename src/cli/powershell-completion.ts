/**
 * The script of `rondo completion powershell`. Words go over as an array, never as a line to be evaluated: quoting one is
 * more than doubling ', since PowerShell takes typographic quotes for quotes too.
 */
export const POWERSHELL_COMPLETION: string = `# powershell completion for rondo
Register-ArgumentCompleter -Native -CommandName 'rondo' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -le $cursorPosition } |
    ForEach-Object {
      if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value }
      else { $_.Extent.Text }
    })
  if ("$wordToComplete" -eq '') {
    # What is empty gets lost on the way to a program, as older ones hand it over.
    $drops = $PSVersionTable.PSVersion -lt [version]'7.3' -or $PSNativeCommandArgumentPassing -eq 'Legacy'
    $words += if ($drops) { '""' } else { '' }
  }
  $lines = @(& rondo complete '--' @words 2>$null)
  if ($lines.Count -eq 0) { return }
  $offered = @($lines | Where-Object { $_ -and -not $_.StartsWith(':') })
  # Of nothing PowerShell makes files; of an empty string it does not.
  if ($offered.Count -eq 0 -and $lines[-1] -eq ':4') { return '' }
  $offered | ForEach-Object {
    $value, $about = $_.Split([char]9, 2)
    if (-not $about) { $about = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
  }
}
`;
